using System.Buffers.Binary;
using System.Text;

namespace Rewas.Evaluation.Guards;

/// <summary>A standard MIDI file of one track (format 0), with times in seconds.</summary>
sealed class MidiFile
{
    public const int Channels = 16;

    /// <summary>Ticks of a quarter note. At the default tempo, a quarter note lasts half a second.</summary>
    const int TicksPerQuarter = 480;
    const double TicksPerSecond = 2 * TicksPerQuarter;
    const double ShortestNote = 0.02;

    const byte NoteOff = 0x80, NoteOn = 0x90, Control = 0xB0, Program = 0xC0;

    readonly List<(long Tick, int Order, byte[] Message)> events = [];

    /// <summary>Sets the instrument of a channel, 0 to 127.</summary>
    public void SetProgram(double seconds, int channel, int program) => Add(seconds, 0, (byte)(Program | channel), (byte)program);

    /// <summary>Sets the volume of a channel, 0 to 127.</summary>
    public void SetVolume(double seconds, int channel, int volume) => Add(seconds, 0, (byte)(Control | channel), 7, (byte)volume);

    /// <summary>Ends all notes of a channel at once. A note that goes on would keep a player busy for ever.</summary>
    public void Silence(double seconds, int channel) => Add(seconds, 0, (byte)(Control | channel), 120, 0);

    /// <summary>Plays a note of a channel. One that is too short to be heard is left out.</summary>
    /// <param name="key">60 is middle C.</param>
    /// <param name="velocity">1 to 127.</param>
    public void Play(double seconds, double duration, int channel, int key, int velocity)
    {
        if (duration < ShortestNote)
            return;
        Add(seconds, 2, (byte)(NoteOn | channel), (byte)key, (byte)velocity);
        Add(seconds + duration, 1, (byte)(NoteOff | channel), (byte)key, 0);
    }

    /// <summary>Writes the file.</summary>
    /// <param name="seconds">Length of the track.</param>
    public void Write(string path, double seconds)
    {
        using var track = new MemoryStream();
        var now = 0L;
        foreach (var (tick, _, message) in events.OrderBy(e => e.Tick).ThenBy(e => e.Order))
        {
            WriteLength(track, tick - now);
            track.Write(message);
            now = tick;
        }
        WriteLength(track, Math.Max(0, (long)(seconds * TicksPerSecond) - now));
        track.Write([0xFF, 0x2F, 0x00]);                                     // end of track
        using var file = File.Create(path);
        var header = new byte[14];
        Encoding.ASCII.GetBytes("MThd", header);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 6);
        BinaryPrimitives.WriteInt16BigEndian(header.AsSpan(8), 0);
        BinaryPrimitives.WriteInt16BigEndian(header.AsSpan(10), 1);
        BinaryPrimitives.WriteInt16BigEndian(header.AsSpan(12), TicksPerQuarter);
        file.Write(header);
        var head = new byte[8];
        Encoding.ASCII.GetBytes("MTrk", head);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), (int)track.Length);
        file.Write(head);
        track.WriteTo(file);
    }

    void Add(double seconds, int order, params byte[] message) => events.Add(((long)(seconds * TicksPerSecond), order, message));

    /// <summary>A variable-length number: seven bits in each byte, the highest first.</summary>
    static void WriteLength(Stream stream, long ticks)
    {
        for (var shift = 28; shift > 0; shift -= 7)
            if (ticks >> shift > 0)
                stream.WriteByte((byte)(0x80 | (ticks >> shift & 0x7F)));
        stream.WriteByte((byte)(ticks & 0x7F));
    }
}
