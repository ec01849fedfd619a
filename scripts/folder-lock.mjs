// A lock between processes: a file that names its holder, so that the lock of a killed process is detected.
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'

const pollInterval = 200

/**
 * Resolves when this process holds the lock, which it releases by deleting the file. A lock whose holder is dead, or that is older than
 * `longest` milliseconds, is replaced. `waiting` is called once if another process holds it. Throws if the file cannot be created.
 */
export async function takeLock(lockFile, { waiting, longest }) {
  const own = `${lockFile}-${process.pid}`
  writeFileSync(own, `${process.pid}\n`)
  let isAnnounced = false
  try {
    while (!linked(own, lockFile)) {
      if (isStale(lockFile, longest)) {
        removeStale(lockFile, longest)
        continue
      }
      if (!isAnnounced) waiting()
      isAnnounced = true
      await new Promise((done) => setTimeout(done, pollInterval))
    }
  } finally {
    rmSync(own, { force: true })
  }
}

/** A hard link appears with its content, and only if no file has that name, so no lock is half-written. */
function linked(own, lockFile) {
  try {
    linkSync(own, lockFile)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isStale(lockFile, longest) {
  const holder = lockHolder(lockFile)
  if (holder === undefined) return false
  if (holder === process.pid || !isAlive(holder)) return true
  return Date.now() - (statSync(lockFile, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > longest
}

/** Two waiting processes may find the same stale lock. A process that moved away a fresh lock by mistake restores it. */
function removeStale(lockFile, longest) {
  const aside = `${lockFile}-stale-${process.pid}`
  try {
    renameSync(lockFile, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return
    throw error
  }
  if (!isStale(aside, longest)) linked(aside, lockFile)
  rmSync(aside, { force: true })
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** The process id of the holder; undefined if the lock is gone. */
function lockHolder(lockFile) {
  try {
    return Number(readFileSync(lockFile, 'utf8'))
  } catch {
    return undefined
  }
}
