import { readFileSync } from 'node:fs';

/** This processor multiplies bfloat16 matrices itself; without that oneDNN would convert, and be slower than in float32. Linux on x64. */
export function hasBfloat16(cpuinfo = readCpuinfo()): boolean {
  return /^flags\s*:.*\b(avx512_bf16|amx_bf16)\b/m.test(cpuinfo);
}

function readCpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
