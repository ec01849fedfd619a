import type { FastifyRequest } from 'fastify'

/** A person opens an address, rather than a program. */
export function isNavigation({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html')
}
