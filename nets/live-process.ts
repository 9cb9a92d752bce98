/** Whether a process of this machine still runs. */

/** True also of numbers that no process can have, of which nothing is known. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
