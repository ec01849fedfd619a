// Asks questions on standard error, at a terminal only.
import { EXIT } from './exit-codes.ts'
import { CliFailure } from './failure.ts'
import type { Invocation } from './invocation.ts'

type Asking = Pick<Invocation, 'interactive' | 'yes'>

/** Returns if `--yes` or an answer confirms the question, else throws. Without a terminal `--yes` is required. */
export async function confirmOr({ interactive, yes }: Asking, question: string): Promise<void> {
  if (yes) return
  if (!interactive) throw CliFailure.usage(`${question} Add --yes to confirm.`)
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({ message: question, initialValue: false, output: withWidth(process.stderr) })
  if (isCancel(answer)) throw stopped()
  if (!answer) throw declined()
}

export async function askText(question: string): Promise<string> {
  const { text, isCancel } = await import('@clack/prompts')
  const answer = await text({ message: question, output: withWidth(process.stderr) })
  if (isCancel(answer)) throw stopped()
  return answer
}

/** Asks without showing what is typed. */
export async function askHidden(question: string): Promise<string> {
  const { password, isCancel } = await import('@clack/prompts')
  const answer = await password({ message: question, output: withWidth(process.stderr) })
  if (isCancel(answer)) throw stopped()
  return answer
}

const USUAL_WIDTH = 80

/** Some terminals report no columns, as serial lines do; the prompts would then print one character a line. */
function withWidth(stream: typeof process.stderr): typeof process.stderr {
  if (!stream.columns) stream.columns = USUAL_WIDTH
  return stream
}

/** Failures that the user has chosen; they are printed without `Error:`. */
export const STOPPED: readonly string[] = ['cli.declined', 'cli.interrupted']

/** Not exit code 0, because a command after `&&` would rely on the change; not 130, because no signal interrupted the command. */
function declined(): CliFailure {
  return new CliFailure({
    exit: EXIT.failed,
    code: 'cli.declined',
    title: 'Not confirmed',
    detail: 'Nothing was changed.',
  })
}

function stopped(): CliFailure {
  return new CliFailure({
    exit: EXIT.interrupted,
    code: 'cli.interrupted',
    title: 'Interrupted',
    detail: 'Stopped; nothing more was changed.',
  })
}
