// Every text that is visible, with its contrast (WCAG 2) with the ground behind it; lowest first.
() => {
  const light = (colour) => {
    const [r, g, b] = colour.map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const ground = (element) => {
    const [r, g, b, a = 1] = parts(getComputedStyle(element).backgroundColor);
    return a > 0 || !element.parentElement ? [r, g, b] : ground(element.parentElement);
  };
  const told = [...document.body.querySelectorAll("*")].filter((element) => element.checkVisibility()
    && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  return told.map((element) => {
    const lights = [parts(getComputedStyle(element).color), ground(element)].map(light);
    const contrast = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
    return { contrast, text: element.textContent.slice(0, 40) };
  }).sort((one, other) => one.contrast - other.contrast);
}
