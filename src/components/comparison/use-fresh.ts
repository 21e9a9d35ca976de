import { useEffect, useRef } from 'react';

/** Fetches what is new whenever `mark` is another than before; the first fetch is not this hook's. */
export function useFresh(mark: number, more: () => void): void {
  const known = useRef(mark);
  useEffect(() => {
    if (known.current === mark) return;
    known.current = mark;
    more();
  }, [mark, more]);
}
