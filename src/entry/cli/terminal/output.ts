// Prints data on standard output and messages on standard error.
import { styleText } from 'node:util'

import type { Duration } from '#foundation/kernel/time.ts'
import { type Environment, environment } from '#foundation/platform/system.ts'
import { jsonText } from '#foundation/web/http/json.ts'
import { writtenOut } from './contractions.ts'
import { EXIT } from './exit-codes.ts'
import type { Problem } from './failure.ts'

/** A layout for people, one JSON document, or tab-separated lines. */
type Form = 'human' | 'json' | 'plain'
type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow'

export interface Stream {
  readonly isTTY?: boolean | undefined
  /** How wide a terminal is. */
  readonly columns?: number | undefined
  write(text: string): unknown
}

export interface OutputWishes {
  readonly json?: boolean | undefined
  readonly plain?: boolean | undefined
  readonly quiet?: boolean | undefined
  readonly verbose?: boolean | undefined
  /** False with `--no-color`. */
  readonly color?: boolean | undefined
}

export interface Output {
  readonly form: Form
  readonly verbose: boolean
  /** The columns of the terminal that gets the data; 0 for anything else. */
  readonly width: number
  /** Prints a line of data. */
  line(text: string): void
  /** Prints the one document of `--json`, or one of the lines of `--json --all`. */
  json(value: unknown): void
  /** Prints a message; nothing with `--quiet` or `--json`. */
  say(text: string): void
  /** The same with a tick in front. */
  done(text: string): void
  /** Prints the document with `--json`, else the sentence with a tick in front. */
  result(value: unknown, sentence: string): void
  /** Prints a warning, also with `--quiet`. */
  warn(text: string): void
  fail(problem: Problem): void
  /** The text in that style if the stream that gets it shows colours; standard output by default. */
  styled(style: Style, text: string, on?: keyof Streams): string
}

type Streams = Readonly<Record<'stdout' | 'stderr', Stream>>

export function newOutput(wishes: OutputWishes, { stdout, stderr }: Streams = process): Output {
  const form = formOf(wishes)
  const styledOn = (stream: Stream, style: Style, text: string): string =>
    form === 'human' && wishes.color !== false && showsColours(stream)
      ? styleText(style, text, { validateStream: false })
      : text
  const line = (text: string): void => void stdout.write(`${text}\n`)
  const json = (value: unknown): void => line(jsonText(value))
  const warn = (text: string): void => void stderr.write(`${text}\n`)
  const say = (text: string): void => {
    if (!wishes.quiet && form !== 'json') warn(text)
  }
  const done = (text: string): void => say(`${styledOn(stderr, 'green', '✓')} ${text}`)
  return {
    form,
    verbose: wishes.verbose ?? false,
    width: stdout.columns ?? 0,
    line,
    json,
    say,
    done,
    result: (value, sentence) => (form === 'json' ? json(value) : done(sentence)),
    warn,
    fail(problem) {
      const sentence = problemSentence(problem).split('\n').map(printable).join('\n')
      const words = `${styledOn(stderr, 'red', 'Error:')} ${sentence}${fieldErrorLines(problem)}`
      warn(form === 'json' ? jsonText(problem) : words)
    },
    styled: (style, text, on = 'stdout') => styledOn({ stdout, stderr }[on], style, text),
  }
}

function formOf({ json, plain }: OutputWishes): Form {
  if (json) return 'json'
  return plain ? 'plain' : 'human'
}

/** Whether a stream shows colours: a terminal that supports them, unless the environment disables them (no-color.org). */
export function showsColours(stream: Stream, env: Environment = environment()): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && !env['CI'] && env['TERM'] !== 'dumb'
}

/** The fields are listed below, so the title alone is enough as the sentence. */
function problemSentence({ code, title, detail }: Problem): string {
  return code === 'request.validation_failed' ? `${title}.` : detail
}

/** Failures whose sentences say where the errors are. */
const LOCATED: readonly string[] = ['config.faults', 'file.faults']

function fieldErrorLines({ code, detail: sentence, errors = [] }: Problem): string {
  if (LOCATED.includes(code)) return ''
  const further = errors.filter(({ detail }) => detail !== sentence)
  const fieldOf = (pointer: string): string => pointer.slice(1).replaceAll('_', ' ') || 'input'
  return further.map(({ pointer, detail }) => `\n  ${fieldOf(pointer)}: ${writtenOut(detail)}`).join('')
}

/** Replaces control characters in a cell or a part of a sentence: a value that a user has chosen must not control the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '\u{FFFD}')
}

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
