/** Addresses of pictures for as long as a component shows them, by id. To be called as it is made. */
export function pictureUrls(
  ids: () => string[],
  get: (id: string) => Promise<Blob | undefined>,
) {
  let urls = $state.raw<Record<string, string>>({});
  $effect(() => {
    const wanted = ids();
    let isOver = false;
    const made: string[] = [];
    void Promise.all(
      wanted.map(async (id) => {
        const blob = await get(id);
        if (!blob || isOver) return undefined;
        const url = URL.createObjectURL(blob);
        made.push(url);
        return [id, url] as const;
      }),
    ).then((found) => {
      if (!isOver)
        urls = Object.fromEntries(found.filter((one) => one !== undefined));
    });
    return () => {
      isOver = true;
      for (const url of made) URL.revokeObjectURL(url);
    };
  });
  return (id: string): string | undefined => urls[id];
}
