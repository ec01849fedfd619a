import type { App } from '#foundation/web/http/app.ts'

/** Lets each route that is added from now on, and whose only success is 204 (No Content), answer that when its handler ends. */
export function registerNoContent(app: App): void {
  app.addHook('onRoute', (route) => {
    const declared = Object.keys(route.schema?.response ?? {})
    if (!declared.includes('204') || declared.includes('200')) return
    const { handler } = route
    route.handler = async function noContent(request, reply) {
      await handler.call(this, request, reply)
      return reply.sent ? reply : reply.code(204).send(null)
    }
  })
}
