import { cpus, loadavg, totalmem } from 'node:os';

/** What a figure was measured on, and how busy it was: seconds mean little without it. */
export function machineLine(): string {
  const processors = cpus();
  const [load = 0] = loadavg();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  return `${processors.length} x ${processors[0]?.model ?? 'unknown'}, ${memory}, ${process.platform}, Node ${process.version}, load ${load.toFixed(1)}`;
}
