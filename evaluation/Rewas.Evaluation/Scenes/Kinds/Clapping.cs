using System.Numerics;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// One to four people clap, each in their own rhythm. Hands that open wide clap loudly. A cupped pair sounds low, a flat one high.
/// </summary>
sealed class Clapping : Scene
{
    public const string Name = "clapping";

    static readonly Rhythm Claps = new(0.22, 0.5, 0.25, 0.7, LongestGroup: 9, 0.3, 1.4);

    /// <summary>Half the distance between the palms, in shoulder widths.</summary>
    static readonly Swing Palms = new(
        FallSeconds: 0.11, ReboundSeconds: 0.12, RaiseSeconds: 0.3, Rebound: 0.12, Lowest: 0.12, Reach: 0.5, Rest: 0.16);

    readonly record struct Person(Vector2 Chest, float Size, Vector4 Shirt, Vector4 Skin, Vector4 Hair, float Lean, SoundEvent[] Claps);

    readonly Person[] people;
    readonly bool closeUp;                  // hands and forearms alone
    readonly Backdrop backdrop;

    public Clapping(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        var count = random.Pick(1, 1, 2, 3, 4);
        SoundEvent[][] claps = [.. Enumerable.Range(0, count).Select(i => Claps.Strikes(Random($"person {i}"), seconds).ToArray())];
        Events = [.. claps.SelectMany(c => c).OrderBy(e => e.TimeSeconds)];

        var picture = Random("picture");
        closeUp = count == 1 && picture.Chance(0.5);
        backdrop = new Backdrop(
            picture, picture.Chance(0.5) ? 2 : picture.Between(0.2f, 0.4f), picture.Pick(Ground.Wood, Ground.Earth, Ground.Tiles));
        var size = closeUp
            ? picture.Between(0.65f, 0.9f)
            : count switch { 1 => picture.Between(0.35f, 0.5f), 2 => picture.Between(0.26f, 0.34f), _ => picture.Between(0.17f, 0.22f) };
        people = [.. claps.Select((of, i) =>
        {
            var skin = Colour.Skin(picture);
            var at = new Vector2((i - 0.5f * (count - 1)) * 0.86f / count, (closeUp ? 0.05f : 0.1f) + picture.Between(-0.05f, 0.08f));
            return new Person(
                at,
                size * picture.Between(0.9f, 1.1f),
                Colour.Against(skin, picture),
                skin,
                Colour.Against(backdrop.Behind, picture),
                picture.Between(-0.4f, 0.4f),
                of);
        })];
        Captions = count == 1
            ? ["a person clapping", "someone clapping their hands", "hands clapping", "clapping hands", "a single person applauding"]
            : [
                "people clapping",
                "several people clapping their hands",
                "a group of people applauding",
                "hands clapping",
                "applause of a few people",
            ];
    }

    public override double Loudness(double time) => LoudnessOfEvents(time, 0.025);

    internal override void PaintBackdrop(Canvas canvas) => backdrop.Paint(canvas);

    internal override void Paint(Canvas canvas, double time)
    {
        foreach (var person in people)
        {
            if (!closeUp)
                PaintBody(canvas, person);
            PaintHands(canvas, person, (float)Palms.HeightAt(person.Claps, time));
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        foreach (var person in people)
        {
            var cavity = random.BetweenLog(800, 1500);                     // of the air between the palms
            foreach (var (time, strength) in person.Claps)
            {
                var tone = cavity * random.Between(0.9, 1.1);
                new NoiseBurst(0.75 * tone, 1.4 * tone, 0.001, 0.012).Add(track, random, time, 0.4 * strength);
                new NoiseBurst(tone, 3.2 * tone, 0, 0.004).Add(track, random, time, 0.25 * strength);
                // fingers after palms
                new NoiseBurst(0.8 * tone, 2 * tone, 0, 0.006).Add(track, random, time + random.Between(0.004, 0.012), 0.25 * strength);
            }
        }
    }

    static void PaintBody(Canvas canvas, Person person)
    {
        Vector2 At(float x, float y) => person.Chest + person.Size * new Vector2(x, y);

        canvas.Fill(new Quad(At(-0.5f, -0.35f), At(0.5f, -0.35f), At(0.42f, 1.6f), At(-0.42f, 1.6f)), person.Shirt.Shade(0.75f));
        canvas.Line(At(-0.42f, -0.3f), At(0.42f, -0.3f), 0.24f * person.Size, person.Shirt.Shade(0.75f));
        canvas.Line(At(0, -0.4f), At(0, -0.6f), 0.2f * person.Size, person.Skin.Shade(0.8f));
        canvas.Fill(new Disc(At(0, -0.82f), 0.3f * person.Size), person.Hair);
        canvas.Fill(new Ellipse(At(0, -0.76f), person.Size * new Vector2(0.24f, 0.27f)), person.Skin);
        for (var eye = -1; eye <= 1; eye += 2)
            canvas.Fill(new Disc(At(0.1f * eye, -0.8f), 0.035f * person.Size), person.Hair.Shade(0.2f));
    }

    /// <param name="apart">Half the distance between the palms, in shoulder widths.</param>
    void PaintHands(Canvas canvas, Person person, float apart)
    {
        var lean = new Vector2(person.Lean, 0);
        for (var side = -1; side <= 1; side += 2)
        {
            Vector2 At(float x, float y) => person.Chest + person.Size * (new Vector2(side * x, y) + y * lean);

            var wrist = At(apart + 0.1f, 0.22f);
            var elbow = closeUp ? At(0.45f + apart, 1.1f) : At(0.62f + 0.2f * apart, 0.55f);
            if (!closeUp)
                canvas.Line(At(0.5f, -0.25f), elbow, 0.22f * person.Size, person.Shirt);
            canvas.Line(elbow, wrist, 0.17f * person.Size, closeUp ? person.Shirt : person.Shirt.Shade(1.15f));
            canvas.Line(wrist, At(apart + 0.055f, -0.02f), 0.13f * person.Size, person.Skin.Shade(side < 0 ? 0.8f : 1));
            canvas.Line(
                At(apart + 0.055f, -0.02f),
                At(apart + 0.05f + 0.25f * apart, -0.24f),
                0.1f * person.Size,
                person.Skin.Shade(side < 0 ? 0.85f : 1.1f));
        }
    }
}
