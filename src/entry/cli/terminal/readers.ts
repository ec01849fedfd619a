// Handles an output whose reader has gone or that cannot be written.
import type { Duration } from '../../../foundation/kernel/time.ts'
import { EXIT } from './exit-codes.ts'

/** A reader that closes early, as in `doorward user list | head`, is no failure. */
export function endQuietlyWithoutReader(): void {
  process.stdout.on('error', endWithoutReader)
}

function endWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT.ok)
  throw error
}

/** Lets a server continue without a reader: its log counts the lost lines, and standard error only informs the process that started it. */
export function goOnWithoutReader(): void {
  process.stdout.off('error', endWithoutReader)
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}

/** Ends the process after `most`, or when `grace` is aborted, if its output still waits for a reader. */
export function endWithoutReaderAfter(most: Duration, grace?: AbortSignal): void {
  const end = (): void => process.exit()
  setTimeout(end, grace?.aborted ? 0 : most).unref()
  grace?.addEventListener('abort', end)
}
