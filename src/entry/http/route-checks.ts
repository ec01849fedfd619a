import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { RouteOptions } from 'fastify'

import type { App } from '../../foundation/web/http/app.ts'
import { parameterCheck, strictBodyCheck, tolerantBodyCheck } from '../../foundation/web/http/schema.ts'
import type { PartCheck } from '../../foundation/web/http/schema.ts'
import { readsForm } from './bodies.ts'

type Writer = (answer: unknown) => string

const writerFor = SerializerSelector()({}, {}) as (route: object) => Writer

/**
 * Looks at every route as it is added: one that does not declare who may use it stops the boot; its schemas are given
 * the readers that fit them.
 */
export function registerRouteChecks(app: App): void {
  app.setSerializerCompiler((route) => atFirstUse((): Writer => writerFor(route)))
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`the route ${nameOf(route)} declares no access`)
    route.validatorCompiler ??= ({ schema, httpPart }) => atFirstUse(() => checkFor(route, schema, httpPart))
  })
}

/** Compiling every schema takes longer than all else at a start, and most are not needed soon. */
function atFirstUse<Input, Result>(make: () => (value: Input) => Result): (value: Input) => Result {
  let made: ((value: Input) => Result) | undefined
  return (value) => (made ??= make())(value)
}

function nameOf({ method, url }: RouteOptions): string {
  return `${[method].flat().join(', ')} ${url}`
}

function checkFor({ config = {} }: RouteOptions, schema: object, part: string | undefined): PartCheck {
  if (part !== 'body') return parameterCheck(schema)
  const check = config.ignoresUnknownFields ? tolerantBodyCheck(schema) : strictBodyCheck(schema)
  return config.bodyMayBeAbsent || readsForm(config) ? (value) => check(value ?? {}) : check
}
