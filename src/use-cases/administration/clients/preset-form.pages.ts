// What the form of a new app says before anything is typed: by a preset, or as any app.
import { type ClientFields, NEW_CLIENT } from '#domain/clients/client.ts'
import { fieldsWithUrl, inLanguage, isGeneric, needsUrl, type Preset, presetTitle } from '#domain/clients/preset.ts'
import { day } from '#foundation/texts/day-and-time.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { presentStatedFields } from './preset.schema.ts'

/** The heading. */
export function newTitle({ say }: AdminReader, preset: Preset | undefined): string {
  const { appForm, appPresets } = say
  if (preset === undefined || isGeneric(preset)) return appForm.newTitle
  return appPresets.formTitle(presetTitle(preset, say.language))
}

/** What an admin reads above the fields. */
export function newLead({ say }: AdminReader, preset: Preset | undefined): Html {
  const { appForm, appPresets: words, language } = say
  if (preset === undefined) return html`<p class="lead">${appForm.newLead}</p>`
  if (isGeneric(preset)) return html`<p class="lead">${inLanguage(preset.about, language)}.</p>`
  const { run, note } = preset
  const tried = run && words.ran(run.program, day({ say, timeZone: 'UTC' }, Date.parse(run.date)))
  return html`<p class="lead">${needsUrl(preset) ? words.programLead : words.filledLead}</p>
    ${note && html`<p>${inLanguage(note, language)}</p>`}
    <p class="hint">${tried ?? words.notRun}</p>`
}

/** The fields; the URIs are still templates. */
export function newFields(preset: Preset | undefined): ClientFields {
  if (preset === undefined) return NEW_CLIENT
  return { ...NEW_CLIENT, ...preset.fields, name: isGeneric(preset) ? '' : presetTitle(preset, 'en') }
}

/** The body of the same request to the API. */
export function newBody(preset: Preset | undefined) {
  if (preset === undefined) return { name: 'Notes', kind: 'web', redirect_uris: [EXAMPLE_URI] }
  const { fields, example = '' } = preset
  const redirectUris = fields.redirectUris.length === 0 ? [EXAMPLE_URI] : fields.redirectUris
  const name = isGeneric(preset) ? 'Notes' : presetTitle(preset, 'en')
  return { name, ...presentStatedFields(fieldsWithUrl({ ...fields, redirectUris }, example)) }
}

const EXAMPLE_URI = 'https://notes.example.org/callback'
