'use strict';
// Preloaded into a measured child (`node --require`) and plain JavaScript, since stripping types would add 20 MB and
// 0.1 s of CPU to what is measured. On Linux VmHWM is the peak; getrusage's maxrss is not taken, since a child inherits its
// parent's through fork and exec.
const { readFileSync, writeFileSync } = require('node:fs');

const file = process.env.BENCH_USAGE_FILE;
if (file !== undefined) process.once('exit', () => writeFileSync(file, JSON.stringify(usage())));

function usage() {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, peakRssBytes: peakRssBytes() };
}

function peakRssBytes() {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not Linux: the operating system's own figure has to do.
  }
  return process.resourceUsage().maxRSS * 1024;
}
