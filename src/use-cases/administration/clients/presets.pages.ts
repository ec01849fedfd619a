// What a new app can be registered as: the presets, and the form without one.
import type { FastifyReply } from 'fastify'

import type { ClientKind } from '#domain/clients/client.ts'
import { listPresets } from '#domain/clients/preset.service.ts'
import { inLanguage, isGeneric, type Preset, presetTitle } from '#domain/clients/preset.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { type Drawing, icon } from '#foundation/web/components/icon.ts'
import { type Choice, choiceTiles } from '#foundation/web/components/tile.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { appIcon } from '#use-cases/page-sections/app-icon.pages.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { newAppPath, WITHOUT_PRESET } from './app-path.ts'

/** Shows what can be chosen; each leads to a form. */
export async function showPresets(reply: FastifyReply): Promise<FastifyReply> {
  const { say, config } = adminReader(reply)
  const { appPresets: words, appForm, apps } = say
  const presets = await listPresets()
  const { title, about } = words.other
  const other = { mark: kindMark('plus'), title, detail: about, href: newAppPath(WITHOUT_PRESET) }
  const generic = presets.filter(isGeneric).map((preset) => choiceOf(say, preset))
  const programs = presets.filter((preset) => !isGeneric(preset)).map((preset) => choiceOf(say, preset))
  return sendPage(reply, {
    title: [appForm.newTitle, apps.title],
    body: html`<p class="lead">${words.lead}</p>
      ${group('any', words.any, [...generic, other])} ${group('programs', words.programs, programs)}`,
    api: apiEquivalent(say, config, {
      method: 'POST',
      path: '/apps',
      body: { name: 'Notes', kind: 'web', redirect_uris: ['https://notes.example.org/callback'] },
      needsSession: true,
    }),
  })
}

const KIND_DRAWINGS: Readonly<Record<ClientKind, Drawing>> = {
  web: 'apps',
  browser: 'device',
  native: 'code',
  api: 'key',
  agent: 'app',
}

function kindMark(drawing: Drawing): Html {
  return html`<span class="avatar of-app off">${icon(drawing)}</span>`
}

/** Known programs have the initial that the app gets too, since their logos are not ours to show. */
function choiceOf({ language }: Texts, preset: Preset): Choice {
  const title = presetTitle(preset, language)
  return {
    mark: isGeneric(preset)
      ? kindMark(KIND_DRAWINGS[preset.fields.kind])
      : appIcon({ id: preset.name, name: title, icon: undefined }),
    title,
    detail: inLanguage(preset.about, language),
    href: newAppPath(preset.name),
  }
}

function group(id: string, title: string, choices: readonly Choice[]): Html {
  return html`<h2 class="of-tiles" id="${id}">${title}</h2>
    ${choiceTiles(id, choices)}`
}
