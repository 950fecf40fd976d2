using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// Cars and lorries pass by on a road. Loudness follows their distance from the middle of the picture, pitch falls as they pass
/// (Doppler), far lanes are small and soft.
/// </summary>
sealed class Vehicle : Scene
{
    public const string Name = "vehicle";

    const double MetresPerUnit = 9, SpeedOfSound = 343, NearestUnits = 0.3;

    enum Make
    {
        Car,
        Van,
        Lorry,
    }

    /// <param name="Time">Time when its middle is in the middle of the picture.</param>
    /// <param name="Speed">World units per second; negative to the left.</param>
    /// <param name="Near">Size by nearness of the lane; 1 is the nearest.</param>
    /// <param name="Make">Form and voice.</param>
    readonly record struct Pass(double Time, double Speed, float Near, Make Make, Vector4 Paint)
    {
        public double XAt(double time) => Speed * (time - Time);

        public double LoudnessAt(double time)
        {
            var x = XAt(time) / NearestUnits;
            return Near * Near * (Make == Make.Lorry ? 1 : 0.8) / (1 + x * x);
        }

        /// <summary>The frequency heard divided by the frequency sent.</summary>
        public double DopplerAt(double time)
        {
            var x = XAt(time);
            return 1 / (1 + MetresPerUnit * Speed * x / Math.Sqrt(x * x + NearestUnits * NearestUnits) / SpeedOfSound);
        }
    }

    readonly Pass[] passes;
    readonly float road, size;
    readonly Landscape landscape;
    readonly Vector4 asphalt, mark, glass;
    readonly bool posts;

    public Vehicle(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        passes = [.. Passes(Random("simulation"), seconds).OrderBy(p => p.Near)];
        Events = SampleLoudness();

        var picture = Random("picture");
        road = picture.Between(0.2f, 0.34f);
        size = picture.Between(0.8f, 1.2f);
        landscape = new Landscape(
            picture,
            road - 0.12f,
            Colour.Hsv(picture.Between(0.08, 0.4), picture.Between(0.1, 0.6), picture.Between(0.3, 0.75)),
            Landscape.AnyDaylight(picture));
        asphalt = landscape.Lit(Colour.Grey(picture.Between(0.25, 0.6)));
        mark = landscape.Lit(Colour.Hsv(0.13, picture.Between(0, 0.6), picture.Between(0.7, 1)));
        glass = Colour.Hsv(0.55, picture.Between(0.1, 0.4), picture.Between(0.2, 0.7));
        posts = picture.Chance(0.4);
        Captions = passes.All(p => p.Make == Make.Car)
            ? ["a car passing by", "cars driving past", "a car speeding by on a road", "passing traffic", "a car drives past"]
            : ["a lorry passing by", "traffic passing on a road", "a truck driving past", "vehicles passing by", "a truck rumbling past"];
    }

    public override double Loudness(double time) => Together(passes.Select(p => p.LoudnessAt(time)));

    internal override void PaintBackdrop(Canvas canvas)
    {
        landscape.Paint(canvas);
        canvas.Fill(new Box(new Vector2(0, road + 0.02f), new Vector2(3, 0.1f)), asphalt);
        canvas.Line(new Vector2(-3, road - 0.075f), new Vector2(3, road - 0.075f), 0.008f, mark);
        for (var i = -6; i < 7; i++)
            canvas.Line(new Vector2(0.3f * i, road), new Vector2(0.3f * i + 0.13f, road), 0.012f, mark);
        for (var i = -4; posts && i < 5; i++)
            canvas.Line(new Vector2(0.27f * i, road - 0.1f), new Vector2(0.27f * i, road - 0.42f), 0.015f, asphalt.Shade(0.5f));
    }

    internal override void Paint(Canvas canvas, double time)
    {
        foreach (var pass in passes)
        {
            var x = (float)pass.XAt(time);
            if (Math.Abs(x) < 1.9f)
                PaintVehicle(canvas, pass, x);
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        foreach (var pass in passes)
        {
            var tyres = random.Between(850, 1250);
            new SweptNoise(0.9).Add(track, random, time => tyres * pass.DopplerAt(time), time => 0.24 * pass.LoudnessAt(time));
            var voice = pass.Make switch
            {
                Make.Lorry => new EngineVoice(0, random.Between(38, 60), 120, 500, Rasp: 0.5, Sharpness: 8),
                Make.Van => new EngineVoice(0, random.Between(60, 90), 170, 650, Rasp: 0.3, Sharpness: 7),
                _ => new EngineVoice(0, random.Between(80, 140), 240, 900, Rasp: 0.15, Sharpness: 6),
            };
            voice.Add(track, random, pass.DopplerAt, time => (pass.Make == Make.Car ? 0.3 : 0.5) * pass.LoudnessAt(time));
        }
    }

    static IEnumerable<Pass> Passes(SceneRandom random, double seconds)
    {
        var heavy = random.Chance(0.5);
        for (var time = random.Between(0.4, 1.8); time < seconds + 0.2; time += random.Between(1.1, 2.4))
        {
            var near = random.Chance(0.6);                                 // the near lane goes one way, the far one the other
            var make = heavy ? random.Pick(Make.Car, Make.Van, Make.Lorry, Make.Lorry) : Make.Car;
            var colour = Colour.Hsv(random.Unit(), random.Between(0, 0.9), random.Between(0.25, 1));
            yield return new Pass(
                time,
                (near ? 1 : -1) * random.Between(0.9, 2),
                near ? random.Between(0.85f, 1f) : random.Between(0.6f, 0.75f),
                make,
                colour);
        }
    }

    void PaintVehicle(Canvas canvas, Pass pass, float x)
    {
        var scale = size * pass.Near;
        var forward = Math.Sign(pass.Speed);
        var floor = new Vector2(x, road + (pass.Near > 0.8f ? 0.08f : -0.01f));
        var paint = landscape.Lit(pass.Paint);
        Vector2 At(float along, float up) => floor + scale * new Vector2(forward * along, -up);
        var (length, wheel) = pass.Make switch { Make.Car => (0.23f, 0.05f), Make.Van => (0.27f, 0.055f), _ => (0.46f, 0.06f) };

        canvas.Fill(new Ellipse(floor, scale * new Vector2(length, 0.02f)), new Vector4(0, 0, 0, 0.5f));
        if (pass.Make == Make.Car)
        {
            canvas.Fill(new Box(At(-0.03f, 0.175f), scale * new Vector2(0.13f, 0.055f), 0, 0.04f * scale), paint);
            canvas.Fill(new Box(At(-0.03f, 0.175f), scale * new Vector2(0.105f, 0.035f), 0, 0.025f * scale), landscape.Lit(glass));
            canvas.Fill(
                new Box(At(0, 0.095f), scale * new Vector2(length, 0.05f), 0, 0.03f * scale),
                new Gradient(At(0, 0.15f), paint.Shade(1.2f), At(0, 0.04f), paint.Shade(0.6f)));
        }
        else if (pass.Make == Make.Van)
        {
            canvas.Fill(
                new Box(At(0, 0.17f), scale * new Vector2(length, 0.125f), 0, 0.04f * scale),
                new Gradient(At(0, 0.3f), paint.Shade(1.2f), At(0, 0.04f), paint.Shade(0.6f)));
            canvas.Fill(new Box(At(0.19f, 0.22f), scale * new Vector2(0.055f, 0.045f), 0, 0.01f * scale), landscape.Lit(glass));
        }
        else
        {
            canvas.Fill(
                new Box(At(-0.09f, 0.25f), scale * new Vector2(0.36f, 0.17f), 0, 0.01f * scale),
                new Gradient(At(0, 0.4f), paint.Shade(1.2f), At(0, 0.08f), paint.Shade(0.7f)));
            canvas.Fill(new Box(At(0.37f, 0.19f), scale * new Vector2(0.085f, 0.14f), 0, 0.02f * scale), paint.Shade(0.5f));
            canvas.Fill(new Box(At(0.4f, 0.24f), scale * new Vector2(0.045f, 0.05f)), landscape.Lit(glass));
        }
        foreach (var along in pass.Make == Make.Lorry ? (ReadOnlySpan<float>)[-0.36f, -0.24f, 0.36f] : [-0.62f * length, 0.62f * length])
            PaintWheel(canvas, At(along, wheel), scale * wheel, x);
        if (landscape.Dark)
        {
            var beam = At(length + 0.1f, 0.08f);
            canvas.Fill(
                new Ellipse(beam, scale * new Vector2(0.22f, 0.09f)), new Haze(beam, 0.22f * scale, new Vector4(1.2f, 1.1f, 0.8f, 0.45f)));
            canvas.Fill(new Disc(At(length - 0.01f, 0.1f), 0.022f * scale), new Vector4(3, 3, 2.4f, 1));
            canvas.Fill(new Disc(At(-length + 0.01f, 0.11f), 0.018f * scale), new Vector4(2, 0.1f, 0.1f, 1));
        }
    }

    static void PaintWheel(Canvas canvas, Vector2 hub, float radius, float rolled)
    {
        var turn = rolled / radius;
        var spoke = 0.6f * radius * new Vector2(MathF.Cos(turn), MathF.Sin(turn));
        canvas.Fill(new Disc(hub, radius), new Vector4(0.01f, 0.01f, 0.012f, 1));
        canvas.Line(hub - spoke, hub + spoke, 0.25f * radius, new Vector4(0.4f, 0.4f, 0.42f, 1));
    }
}
