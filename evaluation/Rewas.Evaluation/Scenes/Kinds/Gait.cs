using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>Walking in bouts: contacts of the feet, and the pose between them.</summary>
sealed class Gait
{
    /// <summary>One bout: from standing, over its contacts, to standing. The last contact brings the feet together.</summary>
    readonly record struct Bout(double Start, double[] Contacts, int StepsBefore);

    readonly List<Bout> bouts = [];
    readonly List<SoundEvent> contacts = [];

    public Gait(SceneRandom random, double seconds)
    {
        var time = random.Chance(0.4) ? random.Between(0.3, 1.2) : 0;
        var steps = 0;
        while (time < seconds)
        {
            var interval = random.Chance(0.25) ? random.Between(0.26, 0.36) : random.Between(0.4, 0.75);   // running or walking
            var force = Math.Clamp(0.75 * Math.Pow(0.5 / interval, 0.7) * random.Between(0.7, 1.15), 0.25, 0.95);
            // interval grows or shrinks by this over the bout
            var pace = random.Between(0.9, 1.1);
            var count = 2 + random.Below(8);
            var at = new double[count + 1];
            var start = time;
            for (var i = 0; i <= count; i++)
            {
                time += i == 0 ? Math.Max(0.3, 0.8 * interval) : interval * random.Between(0.95, 1.05);
                at[i] = time;
                interval *= Math.Pow(pace, 1.0 / count);
                if (time < seconds - 0.02)
                    contacts.Add(new SoundEvent(time, (i == count ? 0.4 : 1) * force * random.Between(0.85, 1.05)));
            }
            bouts.Add(new Bout(start, at, steps));
            steps += count + 1;
            time += random.Between(0.4, 1.5);
        }
    }

    public IReadOnlyList<SoundEvent> Contacts => contacts;

    /// <summary>Phase in strides (two steps). A foot touches down at every half.</summary>
    public double StrideAt(double time)
    {
        var bout = BoutAt(time);
        var (step, part) = StepAt(bout, time);
        return (bout.StepsBefore + step + part - 1) / 2.0;
    }

    /// <summary>How far the legs swing: 0 standing, 1 in full stride.</summary>
    public double AmplitudeAt(double time)
    {
        var bout = BoutAt(time);
        var (step, part) = StepAt(bout, time);
        var u = step == 0 ? part : step >= bout.Contacts.Length - 1 ? 1 - part : 1;
        return u * u * (3 - 2 * u);
    }

    /// <summary>Distance covered, in half step lengths: a full step counts two.</summary>
    public double WalkedAt(double time)
    {
        var bout = BoutAt(time);
        var (step, part) = StepAt(bout, time);
        var last = bout.Contacts.Length - 1;
        // First and last step are half as long, eased in and out.
        var within = step == 0 ? 0.5 * part * part : Math.Min(step, last) - 0.5 + (step >= last ? part - 0.5 * part * part : part);
        return 2 * (bout.StepsBefore - bouts.IndexOf(bout) + within);
    }

    Bout BoutAt(double time)
    {
        var i = bouts.FindLastIndex(b => b.Start <= time);
        return bouts[Math.Max(i, 0)];
    }

    /// <summary>The contacts so far in a bout, and the share of the next step that is done. It stays at the end of the last step.</summary>
    static (int Step, double Part) StepAt(Bout bout, double time)
    {
        var from = bout.Start;
        for (var i = 0; i < bout.Contacts.Length; i++)
        {
            if (time < bout.Contacts[i])
                return (i, Math.Clamp((time - from) / (bout.Contacts[i] - from), 0, 1));
            from = bout.Contacts[i];
        }
        return (bout.Contacts.Length - 1, 1);
    }
}
