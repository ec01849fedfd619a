const NAMELIKE = /^[A-Za-z0-9_.-]{1,64}$/

/**
 * JSON Pointer (RFC 6901) to a field of the thing at `parent`. A name that does not look like one may be something typed
 * in the wrong place, so it is not repeated: then the pointer stays at the parent.
 */
export function pointerTo(parent: string, name: string): string {
  return NAMELIKE.test(name) ? `${parent}/${name}` : parent
}
