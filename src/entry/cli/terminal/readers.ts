// What happens when nobody reads what a command prints, or when it cannot be written.
import type { Duration } from '../../../foundation/kernel/time.ts'
import { EXIT } from './exit-codes.ts'

/** `doorward user list | head` is no failure. */
export function endQuietlyWithoutReader(): void {
  process.stdout.on('error', endWithoutReader)
}

function endWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT.ok)
  throw error
}

/** A service keeps running: its log counts the lines that could not be written, and standard error only informs its starter. */
export function goOnWithoutReader(): void {
  process.stdout.off('error', endWithoutReader)
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}

/** Ends the process after `most` or at the end of `grace`, if its output still waits for a reader by then. */
export function endWithoutReaderAfter(most: Duration, grace?: AbortSignal): void {
  const end = (): void => process.exit()
  setTimeout(end, grace?.aborted ? 0 : most).unref()
  grace?.addEventListener('abort', end)
}
