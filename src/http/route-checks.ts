import type { RouteOptions } from 'fastify'

import type { App } from '../web/app.ts'
import { parameterCheck, strictBodyCheck, tolerantBodyCheck, type PartCheck } from '../web/schema.ts'
import { readsForm } from './bodies.ts'
import { isDocsRoute } from './docs.ts'

/**
 * Looks at every route as it is added: one that does not declare who may use it stops the boot; its schemas are given
 * the readers that fit them.
 */
export function registerRouteChecks(app: App): void {
  app.addHook('onRoute', (route) => {
    if (isDocsRoute(route.url)) route.config = { ...route.config, access: 'anyone', undocumented: true }
    if (route.config?.access === undefined) throw new Error(`the route ${nameOf(route)} declares no access`)
    route.validatorCompiler ??= ({ schema, httpPart }) => checkFor(route, schema, httpPart)
  })
}

function nameOf({ method, url }: RouteOptions): string {
  return `${[method].flat().join(', ')} ${url}`
}

function checkFor({ config = {} }: RouteOptions, schema: object, part: string | undefined): PartCheck {
  if (part !== 'body') return parameterCheck(schema)
  const check = config.ignoresUnknownFields ? tolerantBodyCheck(schema) : strictBodyCheck(schema)
  return readsForm(config) ? (value) => check(value ?? {}) : check
}
