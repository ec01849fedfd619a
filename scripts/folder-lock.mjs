// A lock between processes: a file that names its holder, so that one left behind by a killed process is noticed.
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'

const askAgainAfter = 200

/**
 * Resolves when this process holds the lock; it ends when the holder deletes the file. A lock whose holder is dead, or that is
 * older than `longest` milliseconds, is taken over. `waiting` is called once if another process holds it. Throws where no file can be made.
 */
export async function takeLock(lockFile, { waiting, longest }) {
  const own = `${lockFile}-${process.pid}`
  writeFileSync(own, `${process.pid}\n`)
  let told = false
  try {
    while (!linked(own, lockFile)) {
      if (isStale(lockFile, longest)) {
        removeStale(lockFile, longest)
        continue
      }
      if (!told) waiting()
      told = true
      await new Promise((done) => setTimeout(done, askAgainAfter))
    }
  } finally {
    rmSync(own, { force: true })
  }
}

/** A hard link appears together with its content, and only if no file has that name: there is no half-written lock. */
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
  const holder = holderOf(lockFile)
  if (holder === undefined) return false
  if (holder === process.pid || !isAlive(holder)) return true
  return Date.now() - (statSync(lockFile, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > longest
}

/** Two waiters may find the same stale lock: who moved away a fresh one by mistake puts it back. */
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

/** Undefined when the lock is gone. */
function holderOf(lockFile) {
  try {
    return Number(readFileSync(lockFile, 'utf8'))
  } catch {
    return undefined
  }
}
