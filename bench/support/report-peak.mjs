// Loaded into a process before its program: writes down, in KiB, the most memory it ever had.
import { readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.BENCH_PEAK_FILE, String(highWaterMark())));

/** What Linux says of this program. `maxRSS` counts its parent's memory too, as it was when this process was made. */
function highWaterMark() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1];
}
