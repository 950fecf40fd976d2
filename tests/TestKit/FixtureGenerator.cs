using System.Text;

namespace Rewas.TestKit;

/// <summary>
/// The pseudo-random weights and inputs on which the reference fixtures were computed: SplitMix64 keyed with the FNV-1a hash of a name, as
/// the fixtures' README defines it.
/// </summary>
public static class FixtureGenerator
{
    /// <summary>Uniform in [-1, 1).</summary>
    public static float[] Noise(string name, long count) => Fill(name, count, value => (float)value);

    /// <summary>Standard normal, by Box and Muller.</summary>
    public static float[] Gauss(string name, long count)
    {
        var key = Key(name);
        return Fill(count, i =>
        {
            var (u1, u2) = (Math.Max((Value(key, 2 * i) + 1) / 2, 1e-12), (Value(key, 2 * i + 1) + 1) / 2);
            return (float)(Math.Sqrt(-2 * Math.Log(u1)) * Math.Cos(2 * Math.PI * u2));
        });
    }

    /// <param name="name">Full name, with the prefix that its manifest requires.</param>
    public static float[] Weight(string name, ReadOnlySpan<long> shape)
    {
        long count = 1, fan = 1;
        for (var axis = 0; axis < shape.Length; axis++)
            (count, fan) = (count * shape[axis], axis == 0 ? 1 : fan * shape[axis]);
        var gain = shape.Length <= 1 && name.EndsWith("weight", StringComparison.Ordinal)
            || name.EndsWith(".weight_g", StringComparison.Ordinal) || name.EndsWith(".running_var", StringComparison.Ordinal);
        if (gain)
            return Fill(name, count, value => (float)(1 + 0.1 * value));
        var scale = shape.Length <= 1 ? 0.05 : Math.Sqrt(3.0 / fan);
        return Fill(name, count, value => (float)(value * scale));
    }

    static float[] Fill(string name, long count, Func<double, float> map)
    {
        var key = Key(name);
        return Fill(count, i => map(Value(key, i)));
    }

    static float[] Fill(long count, Func<long, float> value)
    {
        const int block = 1 << 16;
        var values = new float[count];
        Parallel.For(0, (count + block - 1) / block, b =>
        {
            for (var i = b * block; i < Math.Min(count, (b + 1) * block); i++)
                values[i] = value(i);
        });
        return values;
    }

    static ulong Key(string name)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var b in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 0x100000001b3;
        return hash;
    }

    static double Value(ulong key, long index)
    {
        var z = key + (ulong)(index + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return 2 * ((z >> 11) / 9007199254740992.0) - 1;
    }
}
