// Generates docs/app-presets.md from the files of presets/.
import { isPublic } from '#domain/clients/client.ts'
import { listPresets } from '#domain/clients/preset.service.ts'
import {
  fieldsWithUrl,
  filledSettings,
  inLanguage,
  isGeneric,
  needsUrl,
  type Preset,
  type PresetFields,
  type PresetSettings,
  presetTitle,
} from '#domain/clients/preset.ts'
import { quotedForShell } from '#foundation/platform/program-name.ts'
import { day } from '#foundation/texts/day-and-time.ts'
import { texts } from '#foundation/texts/texts.ts'

const HEAD = `# Presets of apps

With a preset, a known program needs only its URL: **Register an app** on the page **Apps** lists them, and so does \`app presets\`.
What the program is given then is shown to be copied, filled in. Every setting can still be changed, before and after.

Each preset says whether a test has run the program, and which version. What wasn’t run comes from the manual of the program, and from
its source where the manual is silent; the file of the preset names both. Below, \`https://id.example.org\` stands for this server, and
\`CLIENT_ID\` and \`CLIENT_SECRET\` for what you get.

This page is made by \`npm run docs\` from the files in [presets](../presets). A program is missing?
[Add a preset](../CONTRIBUTING.md#add-a-preset).
`

const CONFIG = { publicUrl: 'https://id.example.org' }
/** For the redirect URI of any app of a kind. */
const ANY_CALLBACK = 'https://notes.example.org/callback'

/** The text of `docs/app-presets.md`. */
export async function presetsPage(): Promise<string> {
  const presets = await listPresets()
  return [HEAD, ...presets.map(sectionOf)].join('\n')
}

function sectionOf(preset: Preset): string {
  const { about, note, example = '' } = preset
  const filled = fieldsWithUrl(preset.fields, example)
  const fields = filled.redirectUris.length > 0 ? filled : { ...filled, redirectUris: [ANY_CALLBACK] }
  const settings = filledSettings(preset, { client: { id: 'CLIENT_ID', ...fields }, config: CONFIG })
  const paragraphs = [
    `## ${presetTitle(preset, 'en')}`,
    `${inLanguage(about, 'en')}. ${triedOf(preset)}`,
    ...(note === undefined ? [] : [inLanguage(note, 'en')]),
    `\`\`\`sh run\n${commandOf(preset)}\n\`\`\``,
    tableOf(['Registered as', ''], rowsOf(fields)),
    ...settings.flatMap(spotOf),
  ]
  return `${paragraphs.join('\n\n')}\n`
}

function triedOf({ run }: Preset): string {
  if (run === undefined) return 'Not tried: the settings come from its manual.'
  const when = day({ say: texts('en'), timeZone: 'UTC' }, Date.parse(run.date))
  return `Tried with ${run.program} on ${when} ([the test](../${run.test})).`
}

function commandOf(preset: Preset): string {
  const url = needsUrl(preset) ? ` --url ${preset.example}` : ''
  const callback = preset.fields.redirectUris.length === 0 ? ` --redirect-uri ${ANY_CALLBACK}` : ''
  const name = isGeneric(preset) ? `Notes-${preset.fields.kind}` : presetTitle(preset, 'en')
  return `npm run -s doorward -- app add ${quotedForShell(name)} --preset ${preset.name}${url}${callback}`
}

function rowsOf(fields: PresetFields): (readonly [string, string])[] {
  const coded = (texts: readonly string[]): string => texts.map((text) => `\`${text}\``).join(', ')
  return [
    ['kind, authentication', `\`${fields.kind}\`, ${isPublic(fields) ? 'no secret' : `\`${fields.authMethod}\``}`],
    ['redirect URIs', coded(fields.redirectUris)],
    ...(fields.logoutUris.length > 0 ? [['after signing out', coded(fields.logoutUris)] as const] : []),
    ['scopes', coded(fields.scopes)],
    ['ID tokens', `${fields.idTokenAlg}${fields.claimsInIdToken ? ', with all claims' : ''}`],
    ['refresh tokens, PKCE', `${yesOrNo(fields.refreshTokens)}, ${yesOrNo(fields.requirePkce)}`],
  ]
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no'
}

function spotOf({ where, text, values = [] }: PresetSettings): string[] {
  const title = `${inLanguage(where, 'en')}:`
  if (text !== undefined) return [title, `\`\`\`\n${text}\n\`\`\``]
  return [
    title,
    tableOf(
      ['Field', 'Value'],
      values.map(([label, value]) => [label, `\`${value}\``] as const),
    ),
  ]
}

function tableOf(head: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  return [head, ['---', '---'], ...rows].map(([left, right]) => `| ${left} | ${right} |`).join('\n')
}
