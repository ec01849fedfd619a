import type { Page } from 'playwright-core'

import { send } from './page-actions.ts'
import type { Viewer, World } from '../server/populated-server.ts'

export interface Screen {
  /** Unique; the name of its picture. */
  readonly name: string
  readonly as: Viewer
  /** The path to open. */
  readonly at: string | ((world: World) => string)
  /** What the viewer does there to bring the state about, such as sending a form with a fault in it. */
  readonly doing?: (page: Page, world: World) => Promise<void>
  /** The path the viewer is at in the end; that of `at` when left out. */
  readonly endsAt?: string
  /** The status of the last answer; 200 when left out. */
  readonly status?: number
  /** On the server that nobody has set up, or on the one whose database is not whole. */
  readonly on?: 'empty' | 'ailing'
  /** The name under which the server is opened, where that is another than its own. */
  readonly under?: string
}

/** Fills fields by id and sends the form. */
export function sending(fields: Readonly<Record<string, string>>): (page: Page) => Promise<void> {
  return (page) => send(page, fields)
}
