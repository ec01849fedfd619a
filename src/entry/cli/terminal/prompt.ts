// Questions, asked on standard error and only of somebody at a terminal.
import { EXIT } from './exit-codes.ts'
import { CliFailure } from './failure.ts'
import type { Invocation } from './invocation.ts'

type Asking = Pick<Invocation, 'interactive' | 'yes'>

/** Goes on when confirmed by `--yes` or by an answer; without a terminal `--yes` is needed. */
export async function confirmOr({ interactive, yes }: Asking, question: string): Promise<void> {
  if (yes) return
  if (!interactive) throw CliFailure.usage(`${question} Add --yes to confirm.`)
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({ message: question, initialValue: false, output: wideEnough(process.stderr) })
  if (isCancel(answer)) throw stopped()
  if (!answer) throw declined()
}

export async function askText(question: string): Promise<string> {
  const { text, isCancel } = await import('@clack/prompts')
  const answer = await text({ message: question, output: wideEnough(process.stderr) })
  if (isCancel(answer)) throw stopped()
  return answer
}

/** Asks without showing what is typed. */
export async function askHidden(question: string): Promise<string> {
  const { password, isCancel } = await import('@clack/prompts')
  const answer = await password({ message: question, output: wideEnough(process.stderr) })
  if (isCancel(answer)) throw stopped()
  return answer
}

const USUAL_WIDTH = 80

/** Some terminals say that they have no columns, as a serial line does; the prompts would write one character a line. */
function wideEnough(stream: typeof process.stderr): typeof process.stderr {
  if (!stream.columns) stream.columns = USUAL_WIDTH
  return stream
}

/** Failures that are no errors: somebody wanted it so. */
export const STOPPED: readonly string[] = ['cli.declined', 'cli.interrupted']

/** Not 0: what comes after `&&` counts on what was not done. Not 130 either: nobody interrupted anything. */
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
