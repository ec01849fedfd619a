// The settings to copy on the pages of an app: those of its program as a preset has them, or those of any app.
import { type Client, isPublic, signsUsersIn } from '#domain/clients/client.ts'
import { listPresets } from '#domain/clients/preset.service.ts'
import { filledSettings, inLanguage, type Preset, type PresetSettings, presetTitle } from '#domain/clients/preset.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { linkButton, secondaryButton } from '#foundation/web/components/button.ts'
import { selectField } from '#foundation/web/components/choice.ts'
import { copyButton, copyField } from '#foundation/web/components/copy.ts'
import { section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { appPath } from './app-path.ts'
import { settingsToCopy } from './app-settings.pages.ts'

interface Copied {
  readonly client: Client
  /** Only while it is shown. */
  readonly secret?: Secret | null
  /** Whose settings are shown; undefined for those of any app. */
  readonly preset: Preset | undefined
}

/** The settings of an app that was just registered, or got a new secret. */
export function settingsShownOnce(reader: AdminReader, copied: Copied): Html {
  const { settings } = reader.say.apps
  const lead = isPublic(copied.client) ? settings.leadPublic : settings.lead
  return settingsSection(reader, copied.preset, [lead, settingsOf(reader, copied)])
}

/** The same on the page of the app, below the choice of the program. */
export async function settingsOnPage(reader: AdminReader, client: Client, preset: Preset | undefined): Promise<Html> {
  const { say } = reader
  const { settings } = say.apps
  const lead = isPublic(client) ? settings.leadPublic : settings.leadLater
  const choice = signsUsersIn(client) && (await programChoice(reader, client, preset))
  const isOpen = signsUsersIn(client) && client.disabledAt === null
  const action = isOpen && linkButton(appPath(client, '/test'), say.apps.test)
  return settingsSection(reader, preset, [lead, html`${choice} ${settingsOf(reader, { client, preset })}`], action)
}

/** @param anyLead what is said of the settings of any app */
function settingsSection(
  { say }: AdminReader,
  preset: Preset | undefined,
  [anyLead, body]: readonly [string, Html],
  action?: Html | false,
): Html {
  const lead = hasSettings(preset) ? say.appPresets.settingsLead : anyLead
  return section({ id: 'settings', title: say.apps.settings.title, lead, action, body })
}

function hasSettings(preset: Preset | undefined): preset is Preset {
  return preset !== undefined && preset.settings.length > 0
}

function settingsOf(reader: AdminReader, { client, secret, preset }: Copied): Html {
  const { say, config } = reader
  const single = settingsToCopy(say, config, secret ? { client, secret } : { client })
  if (!hasSettings(preset)) return single
  const { appPresets: words } = say
  const filled = filledSettings(preset, { client, secret: secret?.reveal(), config })
  const hasToEnter = !isPublic(client) && !secret
  return html`<div class="to-copy">${filled.map((one, index) => spot(reader, one, `program-${index}`))}</div>
    ${hasToEnter && html`<p class="hint">${words.secretToEnter}</p>`}
    <details>
      <summary>${words.single}</summary>
      ${single}
    </details>`
}

/** What is entered in the program at one spot, with a button that copies it. */
function spot({ say }: AdminReader, { where, text, values = [] }: PresetSettings, id: string): Html {
  const title = inLanguage(where, say.language)
  if (text === undefined) {
    return html`<h3 class="small">${title}</h3>
      ${values.map(([label, value], index) => {
        const field = `${id}-${index}`
        return copyField({ id: field, label, groups: [value], action: copyButton(say, field) })
      })}`
  }
  return html`<dl class="copy">
    <dt>${title}</dt>
    <dd>
      <pre class="message command" id="${id}">${text}</pre>
      ${copyButton(say, id)}
    </dd>
  </dl>`
}

async function programChoice({ say }: AdminReader, client: Client, chosen: Preset | undefined): Promise<Html> {
  const { appPresets: words, language } = say
  const presets = (await listPresets()).filter(hasSettings)
  return html`<form class="beside" method="get" action="${appPath(client)}">
    ${selectField({
      id: 'preset',
      label: words.settingsFor,
      value: chosen?.name,
      options: [
        { value: '', label: words.anyApp },
        ...presets.map((preset) => ({ value: preset.name, label: presetTitle(preset, language) })),
      ],
    })}
    ${secondaryButton(words.show)}
  </form>`
}
