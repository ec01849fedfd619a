import type { Page } from 'playwright-core'

import type { Viewer, World } from '../server/populated-server.ts'
import { send } from './page-actions.ts'

export interface Screen {
  /** Unique; also the name of the screenshot. */
  readonly name: string
  readonly as: Viewer
  /** The path to open. */
  readonly at: string | ((world: World) => string)
  /** The actions that bring about the state, such as sending a form with an invalid field. */
  readonly doing?: (page: Page, world: World) => Promise<void>
  /** The path of the page in the end, in which `:uid` stands for any part; that of `at` by default. */
  readonly endsAt?: string | ((world: World) => string)
  /** The HTTP status of the last answer; 200 by default. */
  readonly status?: number
  /**
   * The server without an admin, that of its first admin, the node with the two-person rule, the one that sends mail, or the one whose
   * database lacks a table; the filled one by default.
   */
  readonly on?: 'empty' | 'fresh' | 'ruled' | 'mailing' | 'ailing'
  /** The host name in the URL, where it is not the server's own. */
  readonly under?: string
}

/** Returns an action that fills fields by id and sends the form. */
export function sending(fields: Readonly<Record<string, string>>): (page: Page) => Promise<void> {
  return (page) => send(page, fields)
}
