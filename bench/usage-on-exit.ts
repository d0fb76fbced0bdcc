import { readFileSync, writeFileSync } from 'node:fs';

/** What a process used from its start to its end. */
export type Usage = { readonly cpuSeconds: number; readonly peakRssBytes: number };

// Preloaded into a measured child (`node --import`). On Linux VmHWM is the peak; getrusage's maxrss is not taken, since a
// child inherits its parent's through fork and exec.
const file = process.env['BENCH_USAGE_FILE'];
if (file !== undefined) process.once('exit', () => writeFileSync(file, JSON.stringify(usage())));

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, peakRssBytes: peakRssBytes() };
}

function peakRssBytes(): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not Linux: the operating system's own figure has to do.
  }
  return process.resourceUsage().maxRSS * 1024;
}
