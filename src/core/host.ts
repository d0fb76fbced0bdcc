/** The machine and process that we are. */
export type Host = {
  readonly pid: number;
  readonly hostname: string;
  /** Who runs us: what a decision of a person is recorded under. */
  readonly user: string;
  /** Whether a process of this machine exists. */
  readonly isAlive: (pid: number) => boolean;
};
