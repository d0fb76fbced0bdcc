import type { Section, SectionName } from './section.ts';
import { csvReading } from './sections/csv-reading.ts';
import { growth } from './sections/growth.ts';
import { history } from './sections/history.ts';
import { load } from './sections/load.ts';
import { pglite } from './sections/pglite.ts';
import { shapes } from './sections/shapes.ts';
import { startup } from './sections/startup.ts';
import { xlsxReading } from './sections/xlsx-reading.ts';

/** In the order in which they run and stand in the results. */
export const allSections: Readonly<Record<SectionName, Section>> = {
  load,
  csv: csvReading,
  xlsx: xlsxReading,
  pglite,
  startup,
  shapes,
  growth,
  history,
};

export const sectionNames = Object.keys(allSections) as SectionName[];

/** The table of section 9 of the design: what a person waits for while working. */
export const shortSections: readonly SectionName[] = ['load', 'csv', 'xlsx', 'pglite', 'startup'];
