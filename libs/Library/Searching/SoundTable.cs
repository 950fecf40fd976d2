using Microsoft.Data.Sqlite;
using Rewas.Library.Data;
using Rewas.Library.Measuring;
using Rewas.Text;

namespace Rewas.Library.Searching;

/// <summary>The data of a search in memory: vectors and courses of all files that are not missing, in the order of their numbers.</summary>
/// <param name="Files">[N] numbers of the files, ascending.</param>
/// <param name="Sounds">[N] numbers of their sounds. Copies share one.</param>
/// <param name="Meanings">[N, 384].</param>
/// <param name="SoundChannels">Length of a sound's vector; 0 if no file has one.</param>
/// <param name="SoundVectors">[N, SoundChannels]; zeros for a file without a vector.</param>
/// <param name="Courses">[N]; null for silence.</param>
sealed record SoundTable(long[] Files, long[] Sounds, float[] Meanings, int SoundChannels, float[] SoundVectors, EnergyCourse?[] Courses)
{
    public int Count => Files.Length;

    public ReadOnlySpan<float> Meaning(int i) => Meanings.AsSpan(i * SentenceEncoder.Channels, SentenceEncoder.Channels);

    public ReadOnlySpan<float> SoundVector(int i) => SoundVectors.AsSpan(i * SoundChannels, SoundChannels);

    public bool HasSoundVector(int i) => SoundVector(i).ContainsAnyExcept(0);

    public static SoundTable Load(SqliteConnection opened, string? space)
    {
        using var command = new SqliteCommand(
            """
            SELECT f.id, f.sound, m.vector, v.vector, s.loudness IS NULL, s.course
            FROM files f JOIN meanings m ON m.id = f.meaning JOIN sounds s ON s.id = f.sound
            LEFT JOIN sound_vectors v ON v.sound = f.sound AND v.space = @space
            WHERE f.missing = 0 ORDER BY f.id
            """,
            opened);
        command.Parameters.AddWithValue("@space", space ?? "");
        using var rows = command.ExecuteReader();
        var (files, sounds, meanings, vectors, courses, channels) =
            (new List<long>(), new List<long>(), new List<float[]>(), new List<byte[]?>(), new List<EnergyCourse?>(), 0);
        while (rows.Read())
        {
            var meaning = new float[SentenceEncoder.Channels];
            if (!Vector.TryRead(rows.GetFieldValue<byte[]>(2), meaning))
                continue;                                                    // made by another encoder
            files.Add(rows.GetInt64(0));
            sounds.Add(rows.GetInt64(1));
            meanings.Add(meaning);
            vectors.Add(rows.IsDBNull(3) ? null : rows.GetFieldValue<byte[]>(3));
            channels = Math.Max(channels, (vectors[^1]?.Length ?? 0) / 2);
            courses.Add(rows.GetInt64(4) != 0 ? null : EnergyCourse.OfBytes(rows.GetFieldValue<byte[]>(5)));
        }
        var ofSounds = new float[files.Count * channels];
        for (var i = 0; i < files.Count; i++)
            if (vectors[i] is { Length: > 0 } bytes)
                Vector.TryRead(bytes, ofSounds.AsSpan(i * channels, channels));
        return new([.. files], [.. sounds], [.. meanings.SelectMany(meaning => meaning)], channels, ofSounds, [.. courses]);
    }
}
