// Asks questions on standard error, at a terminal only.
import type * as Clack from '@clack/prompts'

import { EXIT } from './exit-codes.ts'
import { CliFailure } from './failure.ts'
import type { Invocation } from './invocation.ts'

/** Returns if `--yes` or an answer confirms the question, else throws. Without a terminal `--yes` is required. */
export async function confirmOr(
  { interactive, yes }: Pick<Invocation, 'interactive' | 'yes'>,
  question: string,
): Promise<void> {
  if (yes) return
  if (!interactive) throw CliFailure.usage(`${question} Add --yes to confirm.`)
  if (await ask(({ confirm }, output) => confirm({ message: question, initialValue: false, output }))) return
  // Not exit code 0, because a command after `&&` would rely on the change; not 130, because no signal interrupted the command.
  const detail = 'Nothing was changed.'
  throw new CliFailure({ exit: EXIT.failed, code: 'cli.declined', title: 'Cancelled', detail })
}

export function askText(message: string): Promise<string> {
  return ask(({ text }, output) => text({ message, output }))
}

/** Asks without showing what is typed. */
export function askHidden(message: string): Promise<string> {
  return ask(({ password }, output) => password({ message, output }))
}

async function ask<Answer extends string | boolean>(
  prompt: (prompts: typeof Clack, output: typeof process.stderr) => Promise<Answer | typeof Clack.CANCEL_SYMBOL>,
): Promise<Answer> {
  const prompts = await import('@clack/prompts')
  // Some terminals report no columns, as serial lines do; the prompts would then print one character a line.
  process.stderr.columns ||= 80
  const answer = await prompt(prompts, process.stderr)
  if (!prompts.isCancel(answer)) return answer
  const detail = 'Stopped. Nothing more was changed.'
  throw new CliFailure({ exit: EXIT.interrupted, code: 'cli.interrupted', title: 'Interrupted', detail })
}

/** Failures that the user has chosen; they are printed without `Error:`. */
export const STOPPED: readonly string[] = ['cli.declined', 'cli.interrupted']
