// Where the files of a test run lie.
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SHARED_MEMORY = '/dev/shm'
/** A whole run has less than half of it at any time. */
const NEEDED_BYTES = 1024 ** 3

/**
 * A folder for temporary files that each user may enter: in memory where there is room, since making and removing the files of a
 * database there takes a third less processor time; else on the disk. `remove` deletes it.
 */
export function memoryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(hasRoom() ? SHARED_MEMORY : tmpdir(), 'dw-'))
  // PostgreSQL runs as nobody where root runs the tests.
  chmodSync(folder, 0o711)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY)
    return bavail * bsize > NEEDED_BYTES
  } catch {
    return false
  }
}
