using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// Two hands at a keyboard below a screen or at a typewriter: each key heard is pressed by a finger that was raised before, and writes
/// a letter. Words come in runs with pauses for thought.
/// </summary>
sealed class Typing : Scene
{
    public const string Name = "typing";

    const int Fingers = 6;                  // three of each hand
    const int Rows = 3, LettersPerLine = 14;

    /// <summary>Heights in world units on the picture, for a keyboard seen from above and in front.</summary>
    static readonly Swing Finger = new(
        FallSeconds: 0.05, ReboundSeconds: 0.08, RaiseSeconds: 0.14, Rebound: 0.02, Lowest: 0.03, Reach: 0.09, Rest: 0.03);

    readonly record struct Press(SoundEvent Event, int Column, int Row);

    readonly bool typewriter;
    readonly Press[] presses;
    readonly Press[][] ofFinger;
    readonly SoundEvent[][] strokes;        // the same without their keys
    readonly int columns;
    readonly Vector2 pitch, corner;         // between keys; middle of the upper left key
    readonly Backdrop backdrop;
    readonly Vector4 board, key, sheet, ink, skin, sleeve;

    public Typing(ulong seed, double seconds)
        : base(Name, seed, seconds)
    {
        var random = Random("simulation");
        typewriter = random.Chance(0.4);
        columns = 7 + random.Below(4);
        presses = [.. Words(random, seconds, columns, typewriter ? 1.35 : 1)];
        Events = [.. presses.Select(p => p.Event)];
        ofFinger = [.. Enumerable.Range(0, Fingers).Select(f => presses.Where(p => p.Column * Fingers / columns == f).ToArray())];
        strokes = [.. ofFinger.Select(of => of.Select(p => p.Event).ToArray())];

        var picture = Random("picture");
        backdrop = new Backdrop(picture, picture.Between(-0.2f, 0.05f), picture.Pick(Ground.Wood, Ground.Stone));
        pitch = new Vector2(picture.Between(0.8f, 0.95f) / columns, picture.Between(0.07f, 0.09f));
        corner = new Vector2(-0.5f * (columns - 1) * pitch.X + picture.Between(-0.03f, 0.03f), picture.Between(0f, 0.06f));
        board = Colour.Against(backdrop.GroundTone, picture);
        key = Colour.Against(board, picture);
        sheet = typewriter || picture.Chance(0.5)
            ? Colour.Grey(picture.Between(0.75, 1))
            : Colour.Hsv(picture.Unit(), 0.5, picture.Between(0.05, 0.25));
        ink = Colour.Against(sheet, picture);
        skin = Colour.Skin(picture);
        sleeve = Colour.Against(backdrop.GroundTone, picture);
        Captions = typewriter
            ? [
                "typing on a typewriter",
                "a typewriter clacking",
                "someone writing on an old typewriter",
                "keys of a typewriter being hit",
                "clatter of a mechanical typewriter",
            ]
            : [
                "typing on a keyboard",
                "someone typing on a computer keyboard",
                "fingers tapping on keys",
                "keys of a keyboard being pressed",
                "fast typing on a keyboard",
            ];
    }

    public override double Loudness(double time) => LoudnessOfEvents(time, 0.02);

    internal override void PaintBackdrop(Canvas canvas)
    {
        backdrop.Paint(canvas);
        if (!typewriter)
        {
            canvas.Fill(new Box(new Vector2(0, -0.26f), new Vector2(0.4f, 0.18f), 0, 0.02f), board.Shade(0.5f));
            canvas.Fill(new Box(new Vector2(0, -0.26f), new Vector2(0.375f, 0.155f)), sheet);
        }
        var half = new Vector2(0.5f * columns * pitch.X + 0.03f, 0.5f * Rows * pitch.Y + 0.05f);
        canvas.Fill(new Box(corner + new Vector2(half.X - 0.5f * pitch.X - 0.03f, half.Y - 0.5f * pitch.Y - 0.02f), half, 0, 0.03f), board);
    }

    internal override void Paint(Canvas canvas, double time)
    {
        var written = Events.Count(e => e.TimeSeconds <= time);
        var since = (float)SinceLast(Events, time);
        if (typewriter)
            PaintCarriage(canvas, written, since);
        else
            PaintScreen(canvas, written);
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var down = Depth(column, row, time);
                canvas.Fill(
                    new Box(KeyAt(column, row) + new Vector2(0, 0.018f * down), new Vector2(0.4f * pitch.X, 0.38f * pitch.Y), 0, 0.012f),
                    key.Shade(1 - 0.6f * down));
            }
        }
        for (var finger = 0; finger < Fingers; finger++)
            PaintFinger(canvas, finger, time);
        for (var hand = -1; hand <= 1; hand += 2)
        {
            var palm = PalmOf(hand);
            canvas.Fill(new Ellipse(palm, new Vector2(0.13f, 0.075f)), skin.Shade(0.95f));
            canvas.Line(palm + new Vector2(0.03f * hand, 0.07f), palm + new Vector2(0.12f * hand, 0.6f), 0.15f, sleeve);
        }
    }

    internal override void Sound(Track track)
    {
        var random = Random("sound");
        var cap = typewriter ? Materials.Clockwork(random) : Materials.Plastic(random, random.Between(0.8, 1.25));
        var desk = Materials.Wood(random, random.Between(1.2, 1.8));
        foreach (var ((time, strength), column, row) in presses)
        {
            var bright = 0.85 + 0.3 * ((3 * column + 5 * row) % 7) / 7.0;  // no two keys sound the same
            cap.Strike(track, time, (typewriter ? 0.5 : 1) * strength, 5000 * bright);
            desk.Strike(track, time, 0.35 * strength, 900);
            new NoiseBurst(1900 * bright, 6400 * bright, 0, typewriter ? 0.012 : 0.007).Add(track, random, time, 0.3 * strength);
            // let go
            new NoiseBurst(1600 * bright, 6000, 0, 0.004).Add(track, random, time + random.Between(0.05, 0.08), 0.06 * strength);
        }
    }

    /// <summary>Keys grouped in words. Each word is faster or slower, harder or softer than the last.</summary>
    static IEnumerable<Press> Words(SceneRandom random, double seconds, int columns, double slower)
    {
        var time = random.Between(0.15, 0.8);
        while (true)
        {
            var (interval, force) = (slower * random.Between(0.11, 0.24), random.Between(0.35, 0.95));
            for (var left = 2 + random.Below(9); left > 0; left--)
            {
                if (time >= seconds - 0.02)
                    yield break;
                yield return new Press(
                    new SoundEvent(time, Math.Clamp(force * random.Between(0.7, 1.2), 0.1, 1)), random.Below(columns), random.Below(Rows));
                time += interval * random.Between(0.75, 1.4);
            }
            time += random.Chance(0.4) ? random.Between(0.5, 1.2) : random.Between(0.05, 0.3);
        }
    }

    Vector2 KeyAt(int column, int row) => corner + new Vector2((column + 0.25f * (row - 1)) * pitch.X, row * pitch.Y);

    Vector2 PalmOf(int hand) => corner + new Vector2((0.5f * (columns - 1) + 0.27f * hand * columns) * pitch.X, Rows * pitch.Y + 0.13f);

    /// <summary>0 (up) to 1 (at the bottom). A key goes down with the finger and comes up after it.</summary>
    float Depth(int column, int row, double time)
    {
        var depth = 0.0;
        foreach (var ((at, strength), pressed, pressedRow) in ofFinger[column * Fingers / columns])
        {
            if (pressed == column && pressedRow == row && time > at - 0.02 && time < at + 0.12)
                depth =
                    Math.Max(depth, (0.5 + 0.5 * strength) * Math.Min(1, Math.Min((time - at + 0.02) / 0.02, (at + 0.12 - time) / 0.06)));
        }
        return (float)depth;
    }

    void PaintFinger(Canvas canvas, int finger, double time)
    {
        var of = ofFinger[finger];
        var next = Array.FindIndex(of, p => p.Event.TimeSeconds > time - 0.06);
        var home = KeyAt((2 * finger + 1) * columns / (2 * Fingers), 1);
        var target = next >= 0 && of[next].Event.TimeSeconds - time < 0.3 ? KeyAt(of[next].Column, of[next].Row) : home;
        var share = next < 0 ? 0 : (float)Math.Clamp(1 - (of[next].Event.TimeSeconds - time - 0.06) / 0.24, 0, 1);
        var lift = (float)Finger.HeightAt(strokes[finger], time);
        var tip = Vector2.Lerp(home, target, share * share * (3 - 2 * share)) - new Vector2(0, lift);
        var palm = PalmOf(finger < Fingers / 2 ? -1 : 1) + new Vector2(0.06f * (finger % 3 - 1), -0.03f);
        canvas.Line(tip + new Vector2(0.012f, 1.2f * lift), palm, 0.03f, new Vector4(0, 0, 0, 0.3f));
        canvas.Line(tip, palm, 0.045f, skin.Shade(0.85f + 0.1f * (finger % 2)));
    }

    void PaintScreen(Canvas canvas, int written)
    {
        var first = Math.Max(0, written / LettersPerLine - 4) * LettersPerLine;
        for (var letter = first; letter < written; letter++)
            canvas.Fill(
                new Box(
                    new Vector2(-0.335f + 0.05f * (letter % LettersPerLine), -0.37f + 0.055f * ((letter - first) / LettersPerLine)),
                    new Vector2(0.018f, 0.014f)),
                ink);
    }

    /// <summary>Paper and roller move by one letter at each key, and a bar flies up against the paper.</summary>
    void PaintCarriage(Canvas canvas, int written, float since)
    {
        var moved = 0.022f * (written % LettersPerLine - 1 + Math.Min(1, since / 0.05f));
        var at = new Vector2(0.14f - moved, -0.2f);
        canvas.Fill(new Box(at + new Vector2(0, -0.1f), new Vector2(0.2f, 0.2f)), sheet);
        for (var line = 0; line < 5; line++)
            canvas.Line(
                at + new Vector2(-0.16f, -0.26f + 0.045f * line),
                at + new Vector2(0.1f, -0.26f + 0.045f * line),
                0.012f,
                ink.WithAlpha(0.7f));
        canvas.Fill(new Box(at + new Vector2(0, 0.05f), new Vector2(0.33f, 0.045f), 0, 0.02f), ink.Shade(0.4f));
        canvas.Fill(new Box(new Vector2(0, -0.08f), new Vector2(0.3f, 0.06f), 0, 0.03f), board.Shade(0.7f));
        if (since < 0.07f)
            canvas.Line(new Vector2(0, -0.06f), new Vector2(0.01f, -0.19f), 0.03f, key);
    }
}
