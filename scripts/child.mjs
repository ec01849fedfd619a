// Runs a program as the child of a script, so that both end together.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
const pollInterval = 500
const parent = process.ppid

/**
 * Resolves to the exit code of the child. Signals are forwarded, and the child gets one SIGTERM when the parent of this process is gone:
 * npm and the shell between may end at a signal without forwarding it, and would leave the child running.
 */
export async function runToEnd(file, args, env = process.env) {
  const child = spawn(file, args, { stdio: 'inherit', env })
  const forward = (signal) => child.kill(signal)
  for (const signal of SIGNALS) process.on(signal, forward)
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, pollInterval)
  const [code, signal] = await new Promise((done) => child.once('close', (...end) => done(end)))
  clearInterval(watch)
  for (const name of SIGNALS) process.off(name, forward)
  return code ?? 128 + constants.signals[signal]
}

/** Until a child runs, a signal ends the process by its exit handlers, which end what was started. Returns a function that removes them. */
export function exitAtSignals() {
  const exit = (signal) => process.exit(128 + constants.signals[signal])
  for (const signal of SIGNALS) process.on(signal, exit)
  return () => SIGNALS.forEach((signal) => process.off(signal, exit))
}
