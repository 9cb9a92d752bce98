/** Drives another Go program over GTP: starts it, asks it one thing at a time, and says plainly how it failed. */
import { formatCommand, parseResponse } from '#engine/record/gtp.ts';
import { killGroup, spawnGroup, type GroupLeader } from './process-group.ts';

export type GtpAnswer =
  | { readonly ok: true; readonly text: string }
  /** 'refused': the engine answered "?"; after 'timeout' and 'ended' it is gone. */
  | { readonly ok: false; readonly reason: 'refused' | 'timeout' | 'ended'; readonly message: string };

export type GtpControllerOptions = {
  /** How long one answer may take. Default one minute. */
  readonly timeoutMs?: number;
  /** How long its first answer may take, for which it has to start. Default `timeoutMs`. */
  readonly startTimeoutMs?: number;
  /** Ends an engine that is still being started. */
  readonly signal?: AbortSignal;
};

export type GtpStartResult =
  | { readonly ok: true; readonly controller: GtpController; readonly name: string }
  | { readonly ok: false; readonly message: string };

const ANSWER_MS = 60_000;
/** An answer longer than this is no answer; showboard on 25x25 is 2 kB. */
const MAX_ANSWER_CHARS = 1 << 20;
const STDERR_TAIL_CHARS = 2000;
/** Time to leave by itself after `quit`. */
const QUIT_MS = 1000;
/** Time for the rest of its output after its end; a process that left its group could hold the pipes for ever. */
const DRAIN_MS = 500;

/** Splits a command line at spaces; single or double quotes keep a part together, and nothing else is special. */
export function splitCommandLine(text: string): string[] {
  const parts = text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g);
  return [...parts].map(([part]) =>
    part.replace(/"([^"]*)"|'([^']*)'/g, (_, a?: string, b?: string) => a ?? b ?? ''),
  );
}

/** Starts `commandLine` (no shell) and asks for its name. Rejects with the signal's reason where that aborts first. */
export async function startGtp(
  commandLine: string,
  options: GtpControllerOptions = {},
): Promise<GtpStartResult> {
  const [program, ...args] = splitCommandLine(commandLine);
  if (program === undefined || program === '')
    return { ok: false, message: 'The GTP command is empty; give a program such as gtp:"gnugo --mode gtp".' };
  const { timeoutMs = ANSWER_MS, startTimeoutMs = timeoutMs, signal } = options;
  signal?.throwIfAborted();
  const child = spawnGroup(program, args);
  const startError = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    child.once('spawn', () => resolve(null));
    child.once('error', resolve);
  });
  if (startError !== null) {
    const why =
      startError.code === 'ENOENT'
        ? 'there is no such program; install it or give its full path'
        : startError.code === 'EACCES'
          ? 'it may not be executed'
          : startError.message;
    return { ok: false, message: `Cannot start the GTP engine "${program}": ${why}.` };
  }
  const controller = new GtpController(child, commandLine, startTimeoutMs);
  const name = await controller.whileKept(() => controller.send('name'), signal);
  controller.timeoutMs = timeoutMs;
  if (name.ok) return { ok: true, controller, name: name.text };
  await controller.close();
  return { ok: false, message: name.message };
}

export class GtpController {
  private readonly child: GroupLeader;
  private readonly commandLine: string;
  /** How long each answer from now on may take. */
  timeoutMs: number;
  private readonly exited: Promise<void>;
  private received = '';
  private stderr = '';
  private nextId = 1;
  /** How the engine ended, once it has. */
  private ended: GtpAnswer | null = null;
  private waiting: { id: string; settle: (answer: GtpAnswer) => void } | null = null;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(child: GroupLeader, commandLine: string, timeoutMs: number) {
    this.child = child;
    this.commandLine = commandLine;
    this.timeoutMs = timeoutMs;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.receive(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_TAIL_CHARS);
    });
    // Writing to an engine that has died fails here; its exit, which follows, says more.
    child.stdin.on('error', () => undefined);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        const how = code === null ? `was stopped by ${signal}` : `ended with exit code ${code}`;
        const finish = (): void => {
          clearTimeout(timer);
          for (const stream of child.stdio) stream?.destroy();
          const said = this.stderr.trim().split('\n').at(-1) ?? '';
          this.end('ended', `${how}${said === '' ? '' : `; its last words: ${said}`}`);
          resolve();
        };
        const timer = setTimeout(finish, DRAIN_MS);
        child.once('close', finish);
      });
    });
  }

  /** Sends one command after those before it are answered. Never rejects. */
  send(name: string, ...args: string[]): Promise<GtpAnswer> {
    const answer = this.queue.then(() => this.exchange(name, args));
    this.queue = answer;
    return answer;
  }

  /** Asks the engine to quit, and ends it if it does not. */
  async close(): Promise<void> {
    if (this.ended === null) this.child.stdin.end('quit\n');
    const timer = setTimeout(() => killGroup(this.child), QUIT_MS);
    await this.exited;
    clearTimeout(timer);
  }

  /** Does `task`; where the signal aborts first, the engine is ended at once and the signal's reason is thrown. */
  async whileKept<Result>(task: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    signal?.throwIfAborted();
    const kill = (): void => this.kill('ended', 'was stopped');
    signal?.addEventListener('abort', kill, { once: true });
    try {
      return await task().finally(() => signal?.throwIfAborted());
    } finally {
      signal?.removeEventListener('abort', kill);
    }
  }

  private kill(reason: 'timeout' | 'ended', how: string): void {
    this.end(reason, how);
    killGroup(this.child);
  }

  private exchange(name: string, args: string[]): Promise<GtpAnswer> {
    if (this.ended !== null) return Promise.resolve(this.ended);
    const id = `${this.nextId++}`;
    const command = formatCommand({ id, name, args });
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.kill('timeout', `did not answer "${command}" within ${this.timeoutMs / 1000} s`);
      }, this.timeoutMs);
      this.waiting = {
        id,
        settle: (answer) => {
          clearTimeout(timer);
          this.waiting = null;
          resolve(answer);
        },
      };
      this.child.stdin.write(`${command}\n`);
    });
  }

  private receive(text: string): void {
    this.received += text.replaceAll('\r', '');
    for (let end = this.received.indexOf('\n\n'); end >= 0; end = this.received.indexOf('\n\n')) {
      // Some programs write a greeting first; an answer begins at a line with "=" or "?".
      const block = this.received.slice(0, end);
      const start = block.search(/^[=?]/m);
      this.received = this.received.slice(end + 2);
      const response = start < 0 ? null : parseResponse(block.slice(start));
      if (response === null || response.id !== this.waiting?.id) continue;
      const message = `The GTP engine "${this.commandLine}" refused: ${response.text}.`;
      this.waiting.settle(
        response.ok ? { ok: true, text: response.text } : { ok: false, reason: 'refused', message },
      );
    }
    if (this.received.length > MAX_ANSWER_CHARS) this.kill('ended', 'sent an endless answer');
  }

  private end(reason: 'timeout' | 'ended', how: string): void {
    this.ended ??= { ok: false, reason, message: `The GTP engine "${this.commandLine}" ${how}.` };
    this.waiting?.settle(this.ended);
  }
}
