// The folder for the temporary files of a test run.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SHARED_MEMORY = '/dev/shm'
/** A whole run uses less than half of it at any time. */
const NEEDED_BYTES = 1024 ** 3

/**
 * Returns a folder for temporary files that each user may enter; it is removed when this process exits. It is in memory where that
 * is possible, because creating and removing the files of a database there takes a third less processor time; else on the disk.
 */
export function memoryFolder(): string {
  removeLeftBehind()
  const folder = folderInMemory() ?? newFolder(tmpdir())
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Undefined where shared memory is missing, has too little space, or does not allow executing programs. */
function folderInMemory(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY)
    if (bavail * bsize < NEEDED_BYTES) return undefined
    const folder = newFolder(SHARED_MEMORY)
    const program = join(folder, 'try')
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
    if (spawnSync(program).status === 0) return folder
    rmSync(folder, { recursive: true, force: true })
    return undefined
  } catch {
    return undefined
  }
}

/** Other accounts may enter: PostgreSQL runs as `nobody` where root runs the tests. */
function newFolder(within: string): string {
  const folder = mkdtempSync(join(within, `dw-${process.pid}-`))
  chmodSync(folder, 0o711)
  return folder
}

/** Removes the folders of runs that were killed: they would keep occupying memory. */
function removeLeftBehind(): void {
  for (const within of [SHARED_MEMORY, tmpdir()]) {
    for (const name of namesIn(within)) {
      const [, pid] = /^dw-(\d+)-/.exec(name) ?? []
      if (pid !== undefined && !isAlive(Number(pid))) removeIfOurs(join(within, name))
    }
  }
}

function removeIfOurs(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // The folder belongs to another user's run.
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
