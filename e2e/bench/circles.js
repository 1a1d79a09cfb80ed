// Moves circles in an SVG, one attribute each, before each picture of the screen: the least that anybody can do.

const svg = document.querySelector('svg');
const shapes = Number(new URLSearchParams(location.search).get('shapes'));
const circles = Array.from({ length: shapes }, () => {
  const circle = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  circle.setAttribute('r', '8');
  return svg.appendChild(circle);
});

function move(now) {
  for (const [which, circle] of circles.entries()) {
    const along = now / 1000 + which;
    const [x, y] = [270 + 190 * Math.sin(along), 278 - 190 * Math.cos(along)];
    circle.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  }
  requestAnimationFrame(move);
}
requestAnimationFrame(move);
