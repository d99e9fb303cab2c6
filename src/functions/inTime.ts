/** What is promised, or else what is said when so many seconds are over. */
export async function inTime<Kept, Late>(promised: Promise<Kept>, seconds: number, late: Late): Promise<Kept | Late> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<Late>((resolve) => {
    timer = setTimeout(() => resolve(late), seconds * 1000);
  });
  try {
    return await Promise.race([promised, over]);
  } finally {
    clearTimeout(timer);
  }
}
