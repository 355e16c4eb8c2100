import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** Whether a program can be found. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** For `t.test`'s `skip`: false if `program` is there. */
export function skipWithout(program: string): string | false {
  return isInstalled(program) ? false : `${program} is not installed`;
}

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

const TIMEOUT = 30_000;

/** Runs a program to its end, with `input` on its standard input. */
export function run(
  program: string,
  args: readonly string[],
  input: string | Uint8Array = '',
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(program, [...args], { timeout: TIMEOUT });
    let out = '';
    let error = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      error += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, error }));
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** What `redis-cli -p port …` prints, without the last line end. */
export async function cli(port: number, ...words: string[]): Promise<string> {
  const { out, error } = await run('redis-cli', ['-p', `${port}`, ...words]);
  return (out + error).replace(/\r/g, '').replace(/\n+$/, '');
}
