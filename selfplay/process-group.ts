/** Programs started with a process group of their own, so that whatever they start in turn ends with them. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

export type GroupLeader = ChildProcessWithoutNullStreams;

/** Windows has no process groups, and would open a window for a detached program. */
const HAS_GROUPS = process.platform !== 'win32';
const FATAL_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const running = new Set<GroupLeader>();

/** Starts a program, whose group is killed when it ends itself or when this process does. */
export function spawnGroup(program: string, args: readonly string[]): GroupLeader {
  const child = spawn(program, args, { stdio: 'pipe', detached: HAS_GROUPS });
  if (running.size === 0) watch();
  running.add(child);
  const forget = (): void => {
    killGroup(child);
    running.delete(child);
    if (running.size === 0) unwatch();
  };
  child.once('exit', forget);
  child.once('error', forget);
  return child;
}

/** Kills the program and all of its group that is left. */
export function killGroup(child: GroupLeader): void {
  if (child.pid === undefined) return;
  if (!HAS_GROUPS) child.kill('SIGKILL');
  else
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      // Nobody is left in the group.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
}

function killAll(): void {
  for (const child of running) killGroup(child);
}

/** A terminal's Ctrl-C reaches only our own group: where it ends this process, the others must be ended by hand. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return; // somebody else decides what the signal means
  killAll();
  process.removeListener(signal, onSignal);
  process.kill(process.pid, signal);
}

function watch(): void {
  process.on('exit', killAll);
  // First in line, because a listener for one time is gone before the next in line is called.
  for (const signal of FATAL_SIGNALS) process.prependListener(signal, onSignal);
}

function unwatch(): void {
  process.removeListener('exit', killAll);
  for (const signal of FATAL_SIGNALS) process.removeListener(signal, onSignal);
}
