import type { AlertCode, Severity } from '../core/codes.ts';
import type { Alert, ErrorReport } from '../core/report.ts';
import type { AlertFacts, ErrorFacts, WarningCode } from './facts.ts';
import { plainFormat } from './format.ts';
import { sayAlert } from './say.ts';

/** An alert of a known kind. `subject` tells it from others of the same code and dataset. */
export function about<Code extends WarningCode>(
  code: Code,
  dataset: string | null,
  subject: string | null,
  facts: AlertFacts[Code],
  severity: Severity = 'warning',
): Alert {
  const { text } = sayAlert({ code, dataset, facts, message: '' }, 'en', plainFormat);
  return { severity, code, dataset, subject, message: dataset === null ? text : `${dataset}: ${text}`, facts };
}

/**
 * An error that stopped a run, or one dataset of it. The hint about a lost header names those that there are: where a
 * file has none, the cells of its first row, which may be a person's.
 */
export function errorAlert({ code, message, hint, file, line }: ErrorReport, dataset: string | null): Alert {
  const facts: ErrorFacts = { message, hint: code === 'header-missing' ? null : hint, file, line };
  return critical(code, dataset, message, facts);
}

export function critical(code: AlertCode, dataset: string | null, message: string, facts: Alert['facts']): Alert {
  return { severity: 'critical', code, dataset, subject: null, message, facts };
}
