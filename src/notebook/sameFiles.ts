/** A notebook's file that is gone, with what it may have said when it was there. */
export interface GoneFile<File> {
  readonly file: File;
  readonly contents: readonly string[];
}

/** One that came, with what it says. */
export interface ComeFile<File> {
  readonly file: File;
  readonly content: string | undefined;
}

/**
 * Which file is which under another name: renaming leaves every word as it is. A checkout that takes one notebook away
 * and brings another is no rename, however close together; and where several say the same, nobody can tell.
 * @returns for each that is gone the one it became, if any
 */
export function sameFiles<File>(
  gone: readonly GoneFile<File>[],
  come: readonly ComeFile<File>[],
): ReadonlyMap<File, File> {
  const same = new Map<File, File>();
  for (const { file, contents } of gone) {
    const alike = come.filter(({ content }) => content !== undefined && contents.includes(content));
    const [only] = alike;
    const rivals = gone.filter(
      (other) => only?.content !== undefined && other.contents.includes(only.content),
    );
    if (only !== undefined && alike.length === 1 && rivals.length === 1) same.set(file, only.file);
  }
  return same;
}
