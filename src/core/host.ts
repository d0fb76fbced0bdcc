/** The machine and process that we are. */
export type Host = {
  readonly pid: number;
  readonly hostname: string;
  /** Whether a process of this machine exists. */
  readonly isAlive: (pid: number) => boolean;
};
