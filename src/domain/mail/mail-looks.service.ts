// The texts and the look of mails: those that are shipped, replaced by the files of the operator.
import { ConfigFaults } from '#foundation/platform/config/config.ts'
import { templateFault } from '#foundation/platform/config/mail-template-files.ts'
import type { Config, ConfigFault, MailTemplateFiles, MailTextFile } from '#foundation/platform/config/types.ts'
import type { MailTexts } from '#foundation/texts/english/mail-texts.ts'
import { LANGUAGES, type Texts, texts } from '#foundation/texts/texts.ts'
import { factsNamedIn } from './fill.ts'
import { COMMON_FACTS, isMailTemplate, type MailTemplate, rulesOf } from './mail-template.ts'

export type MailWords = MailTexts & { readonly frame: Texts['mailFrame'] }

/** The file with what stands around every mail, such as `frame.en.toml`. */
const FRAME = 'frame'

type Replacing = Pick<Config, 'mailTemplates'>

/** Checks the files of the operator. Throws `ConfigFaults` with the file and the line of every fault. */
export function requireValidMailTemplates({ mailTemplates }: Replacing): void {
  if (mailTemplates === null) return
  const faults = [...mailTemplates.texts.flatMap(faultsInTexts), ...faultsInLook(mailTemplates.look)]
  if (faults.length > 0) throw new ConfigFaults(faults)
}

/** The texts of a mail in a language, in English where there are none in it. */
export function wordsOf({ mailTemplates }: Replacing, template: MailTemplate, locale: string | null): MailWords {
  const say = texts(locale)
  const own = (mail: string) => mailTemplates?.texts.find(({ name }) => name === `${mail}.${say.language}`)?.values
  return { ...say.mails[template], ...own(template), frame: { ...say.mailFrame, ...own(FRAME) } }
}

function faultsInTexts({ path, name, values, lines }: MailTextFile): ConfigFault[] {
  const [template = '', language = '', ...rest] = name.split('.')
  const isFrame = template === FRAME
  if (rest.length > 0 || !LANGUAGES.includes(language) || !(isFrame || isMailTemplate(template))) {
    const wanted = `a mail and one of the languages ${LANGUAGES.join(', ')}, such as \`test.en.toml\``
    return [templateFault(path, null, 'a file of this name', wanted)]
  }
  const say = texts(language)
  const shipped: Readonly<Record<string, string | readonly string[]>> = isFrame
    ? say.mailFrame
    : { ...say.mails[template] }
  const known = [...COMMON_FACTS, ...(isMailTemplate(template) ? rulesOf(template).facts : [])]
  return Object.entries(values).flatMap(([key, value]) => {
    const fault = faultIn(value, Object.hasOwn(shipped, key) ? shipped[key] : undefined, known)
    if (fault === undefined) return []
    const [found, wanted] = fault
    return [
      templateFault(
        path,
        lines[key] ?? null,
        `${key} = ${found}`,
        wanted ?? `one of ${Object.keys(shipped).join(', ')}`,
      ),
    ]
  })
}

/** What was found instead of what; undefined where the value fits. */
function faultIn(
  value: unknown,
  shipped: string | readonly string[] | undefined,
  known: readonly string[],
): [found: string, wanted: string | null] | undefined {
  if (shipped === undefined) return ['a text that mails do not have', null]
  const isList = typeof shipped !== 'string'
  const parts: readonly unknown[] = isList && Array.isArray(value) ? value : [value]
  const isText = (part: unknown): part is string => typeof part === 'string' && !/[\p{Cc}]/u.test(part)
  if (Array.isArray(value) !== isList || !parts.every(isText))
    return ['something else', isList ? 'a list of texts, each in one line' : 'a text in one line']
  if (!isList && shipped !== '' && value === '') return ['an empty text', 'a text']
  const unknown = parts.flatMap(factsNamedIn).find((name) => !known.includes(name))
  if (unknown === undefined) return undefined
  return [`a text with {${unknown}}`, `only ${known.map((name) => `{${name}}`).join(', ')}`]
}

/** What would load from elsewhere, or end the style sheet. */
const FORBIDDEN = /@import|url\s*\(|image\s*\(|image-set|expression\s*\(|<|\\/i

function faultsInLook(look: MailTemplateFiles['look']): ConfigFault[] {
  if (look === null) return []
  return look.css.split('\n').flatMap((line, at) => {
    const [found] = FORBIDDEN.exec(line) ?? []
    if (found === undefined) return []
    return [
      templateFault(look.path, at + 1, found, 'a style sheet that loads nothing and holds no `<` and no backslash'),
    ]
  })
}
