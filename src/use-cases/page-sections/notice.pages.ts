import { isNoticeKind } from '#domain/notices/notice.ts'
import type { Texts } from '#foundation/texts/texts.ts'

/** Returns what a notice was about, in words; its name where only a newer program knows it. */
export function noticeWords({ noticeKinds }: Texts, { kind }: { readonly kind: string }): string {
  return isNoticeKind(kind) ? noticeKinds[kind] : kind
}
