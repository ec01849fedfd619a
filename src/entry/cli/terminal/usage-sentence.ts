// Rewrites the messages of the command-line library in the words of this program.
import type { CommanderError } from 'commander'

import { nearest } from '#foundation/kernel/nearest.ts'
import { INVOKED_AS } from '#foundation/platform/program-name.ts'

type Rewriting = readonly [message: RegExp, sentence: (...groups: string[]) => string]

/**
 * Every message of the library that this program can cause. The value of an unknown flag and a superfluous argument are left out: they may
 * be a password. A message that none of them matches is printed as it is.
 */
const SENTENCES: readonly Rewriting[] = [
  [/^unknown option '(--?[^'=\s]*)[^]*?(?:\n\(Did you mean (.+)\?\))?$/, unknownFlag],
  [/^unknown command '([^]*?)'(?:\n\(Did you mean (.+)\?\))?$/, unknownCommand],
  [/^too many arguments(?: for '(.+?)')?\. Expected (\d+) arguments? but got (\d+)/, tooManyArguments],
  [/^missing required argument '(.+)'$/, (name) => `Missing argument <${name}>.`],
  [/^option '(?:-\w, )?(--[\w-]+) [^']*' argument missing$/, (flag) => `${flag} needs a value.`],
  [/^required option '(?:-\w, )?(--[^']+)' not specified$/, (flag) => `Missing flag ${flag}.`],
  [/^option '(?:-\w, )?(--[\w-]+) [^']*' argument '([^]*)' is invalid\. ([^]+)$/, invalidValue],
  [/^command-argument value '([^]*)' is invalid for argument '(.+?)'\. ([^]+)$/, invalidArgument],
]

export function usageSentence({ message }: CommanderError): string {
  const plain = message.replace(/^error: /, '')
  for (const [pattern, sentence] of SENTENCES) {
    const found = pattern.exec(plain)
    if (found !== null) return sentence(...found.slice(1).map((group: string | undefined) => group ?? ''))
  }
  return plain.slice(0, 1).toUpperCase() + plain.slice(1)
}

function unknownFlag(flag = '', similar = ''): string {
  if (similar === flag) return `${flag} takes no value.`
  return `Unknown flag ${flag}.${question(similar)}`
}

function unknownCommand(name = '', similar = ''): string {
  return `Unknown command "${name}".${question(similar)}\nAll commands: ${INVOKED_AS} --help`
}

function tooManyArguments(command = '', expected = '', received = ''): string {
  const suffix = command === '' ? '' : ` for "${command}"`
  return `Too many arguments${suffix}: expected ${expected === '0' ? 'none' : expected}, got ${received}.`
}

function invalidValue(flag = '', value = '', advice = ''): string {
  return `"${value}" is not a valid ${flag}.${adviceFor(value, advice)}`
}

function invalidArgument(value = '', name = '', advice = ''): string {
  return `"${value}" is not a valid <${name}>.${adviceFor(value, advice)}`
}

/** The number of choices up to which all of them are listed beside a suggestion. */
const FEW = 8

/** A similar choice as a suggestion, then the choices; without choices, the advice of the parser. */
function adviceFor(value: string, advice: string): string {
  const [, list] = /^Allowed choices are (.+)\.$/.exec(advice) ?? []
  if (list === undefined) return ` ${advice}`
  const choices = list.split(', ')
  const similar = nearest(value, choices)
  if (similar !== undefined && choices.length > FEW) return question(similar)
  return `${question(similar ?? '')} Use ${listedOr(choices)}.`
}

/** `bash, zsh or fish`. */
export function listedOr(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' or ')
}

function question(similar: string): string {
  return similar === '' ? '' : ` Did you mean ${similar}?`
}
