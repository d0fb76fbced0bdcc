import type { Digest, DigestItem } from '../channel.ts';

const marks = { critical: '🔴', warning: '🟠', info: '🔵' };

export function itemMark({ severity, isResolved }: DigestItem): string {
  return isResolved ? '🟢' : marks[severity];
}

/** The subject, with the colour of the worst thing that is not over. */
export function markedSubject({ subject, severity, items }: Digest): string {
  const isOver = items.length > 0 && items.every(({ isResolved }) => isResolved);
  return `${isOver ? '🟢' : marks[severity]} ${subject}`;
}
