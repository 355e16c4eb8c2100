const FIRST_VISIBLE = 33;
const LAST_VISIBLE = 126;

/**
 * Whether `text` may be a connection's name or its library's: only visible ASCII, so that CLIENT
 * LIST, whose fields are parted by blanks, stays readable for programs.
 */
export function isClientAttribute(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < FIRST_VISIBLE || code > LAST_VISIBLE) return false;
  }
  return true;
}
