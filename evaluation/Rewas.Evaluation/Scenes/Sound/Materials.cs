using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Sound;

/// <summary>Bodies of different materials. Size ranges from 0.5 (small, high) to 2 (large, low).</summary>
static class Materials
{
    /// <summary>Bright and long: inharmonic modes of a free bar.</summary>
    public static ModalBody Metal(SceneRandom random, double size) =>
        ModalBody.Of(
            random, random.BetweenLog(650, 1100) / size, [1, 1.52, 2.76, 3.4, 4.1, 5.40, 6.3, 8.93], random.Between(0.18, 0.4), 0.5, 0.25);

    /// <summary>Dry and warm.</summary>
    public static ModalBody Wood(SceneRandom random, double size) =>
        ModalBody.Of(random, random.BetweenLog(190, 300) / size, [1, 1.7, 2.4, 3.3, 4.2, 5.4], random.Between(0.03, 0.06), 0.6, 0.5);

    /// <summary>Short and hard.</summary>
    public static ModalBody Stone(SceneRandom random, double size) =>
        ModalBody.Of(random, random.BetweenLog(1500, 2300) / size, [1, 1.31, 1.83, 2.2, 2.9], random.Between(0.008, 0.018), 0.4, 0.2);

    /// <summary>An air-filled skin: a low thump with a little ring.</summary>
    public static ModalBody Rubber(SceneRandom random, double size) =>
        ModalBody.Of(random, random.BetweenLog(95, 150) / size, [1, 1.6, 2.3, 3.6, 5.2], random.Between(0.04, 0.07), 0.5, 0.8);

    /// <summary>A thin hollow shell, as of a table-tennis ball: a high click.</summary>
    public static ModalBody Shell(SceneRandom random, double size) =>
        ModalBody.Of(random, random.BetweenLog(1400, 2200) / size, [1, 1.45, 2.1, 2.8], random.Between(0.008, 0.016), 0.3, 0.4);

    /// <summary>A skin stretched over a shell: inharmonic and low (modes of an ideal circular membrane).</summary>
    public static ModalBody Membrane(SceneRandom random, double size) =>
        ModalBody.Of(
            random, random.BetweenLog(100, 150) / size, [1, 1.59, 2.14, 2.30, 2.65, 2.92, 3.50, 4.06], random.Between(0.1, 0.2), 0.7, 0.6);

    /// <summary>Cast and tuned: hum, prime, minor third, fifth, nominal and what lies above.</summary>
    /// <param name="random">Varies each mode a little.</param>
    /// <param name="size">0.5 small and high to 2 large and low.</param>
    /// <param name="decay">Time constant of the hum, seconds.</param>
    public static ModalBody Bell(SceneRandom random, double size, double decay) =>
        ModalBody.Of(random, random.BetweenLog(300, 480) / size, [1, 2, 2.4, 3, 4, 5.3, 6.6, 8, 10.5], decay, 0.35, 0.2);

    /// <summary>Small wheels and pallets of brass and steel: high and very short.</summary>
    public static ModalBody Clockwork(SceneRandom random) =>
        ModalBody.Of(random, random.BetweenLog(2300, 3400), [1, 1.27, 1.63, 1.94, 2.3], random.Between(0.008, 0.016), 0.3, 0);

    /// <summary>A key's cap on its spring: hollow and dead.</summary>
    public static ModalBody Plastic(SceneRandom random, double size) =>
        ModalBody.Of(random, random.BetweenLog(1000, 1500) / size, [1, 1.5, 2.2, 3.1, 4.3], random.Between(0.006, 0.012), 0.4, 0.3);

    /// <summary>Thin and brittle: clear, high, and ringing.</summary>
    public static ModalBody Glass(SceneRandom random, double size) =>
        ModalBody.Of(random, random.BetweenLog(1700, 2500) / size, [1, 1.52, 1.9, 2.35, 2.8, 3.4], random.Between(0.09, 0.18), 0.4, -0.2);
}
