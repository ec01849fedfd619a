/** `type`: neither a PNG nor a WebP file. `size`: `fits` says no. */
export type ImageFault = 'type' | 'size' | 'animated' | 'damaged'

/** Whether a picture of this width and height, in pixels, is wanted. */
export type Fits = (width: number, height: number) => boolean
