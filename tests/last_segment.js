// Where the end of a path's text is, and between what edges it can be seen.
(path, end) => {
  const text = path.querySelector(".ending").firstChild, range = document.createRange();
  range.setStart(text, text.data.length - end.length);
  range.setEnd(text, text.data.length);
  const place = range.getBoundingClientRect(), box = path.querySelector(".ending").getBoundingClientRect();
  const about = path.getBoundingClientRect();
  return { width: place.width, from: place.left, to: place.right,
           left: Math.max(box.left, about.left), right: Math.min(box.right, about.right) + 0.5 };
}
