using System.Globalization;
using System.Numerics;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Checkpoints;

/// <summary>
/// Reads as much of Python's pickle format as PyTorch files need. A pickle is a program for a stack machine that can call any function by
/// name. This machine knows containers, strings and numbers, and the few names of <see cref="TorchGlobals"/>. It refuses everything else
/// and executes nothing.
/// </summary>
/// <remarks>Lib/pickletools.py of CPython describes each opcode.</remarks>
sealed class PickleReader(PickleInput input, string field)
{
    const int HighestProtocol = 5;

    /// <summary>A tensor needs about 45 opcodes.</summary>
    const int MostOpcodes = 1_000_000;

    static readonly object Mark = new();

    int opcodes, copiedItems;
    readonly List<object?> stack = [];
    readonly Dictionary<long, object?> memo = [];

    /// <summary>Runs one pickle to its STOP.</summary>
    public object? Read()
    {
        for (opcodes = 0; opcodes < MostOpcodes; opcodes++)
        {
            var opcode = input.Byte();
            if (opcode == '.')
                return Pop();
            Run(opcode);
        }
        throw InputFault.Exhausted(field, $"pickle: has more than {MostOpcodes} opcodes, which is the limit");
    }

    void Run(byte opcode)
    {
        switch (opcode)
        {
            // :: Framing
            case 0x80: Expect(input.Byte() <= HighestProtocol, $"pickle: protocol is above {HighestProtocol}"); break;
            case 0x95: input.Int64(); break;                                                // FRAME

            // :: Values
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'I': Push(TextInteger(input.Line())); break;
            case (byte)'L': Push(TextInteger(input.Line().TrimEnd('L'))); break;
            case (byte)'K': Push((long)input.Byte()); break;
            case (byte)'M': Push((long)input.UInt16()); break;
            case (byte)'J': Push((long)input.Int32()); break;
            case 0x8a: Push(Integer(input.Bytes(input.Byte()))); break;                     // LONG1
            case (byte)'G': Push(input.BigEndianDouble()); break;
            case (byte)'X': Push(input.Utf8((uint)input.Int32())); break;
            case 0x8c: Push(input.Utf8(input.Byte())); break;                               // SHORT_BINUNICODE
            case 0x8d: Push(input.Utf8(input.Int64())); break;                              // BINUNICODE8
            case (byte)'U': Push(input.Latin1(input.Byte())); break;                        // SHORT_BINSTRING of Python 2
            case (byte)'T': Push(input.Latin1(input.Int32())); break;
            case (byte)'C': Push(input.Bytes(input.Byte())); break;                         // SHORT_BINBYTES
            case (byte)'B': Push(input.Bytes((uint)input.Int32())); break;

            // :: Containers
            case (byte)'(': stack.Add(Mark); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)')': Push(new PickleTuple([])); break;
            case (byte)'t': Push(new PickleTuple(PopToMark())); break;
            case 0x85: Push(new PickleTuple([Pop()])); break;
            case 0x86: Push(new PickleTuple(PopMany(2))); break;
            case 0x87: Push(new PickleTuple(PopMany(3))); break;
            case (byte)']': Push(new List<object?>()); break;
            case (byte)'l': Push(new List<object?>(PopToMark())); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'}': Push(new PickleDictionary()); break;
            case (byte)'d': Push(new PickleDictionary(), PopToMark()); break;
            case (byte)'s': SetItems(PopMany(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;

            // :: Memo
            case (byte)'q': memo[input.Byte()] = Peek(); break;
            case (byte)'r': memo[(uint)input.Int32()] = Peek(); break;
            case 0x94: memo[memo.Count] = Peek(); break;                                    // MEMOIZE
            case (byte)'h': Push(Recall(input.Byte())); break;
            case (byte)'j': Push(Recall((uint)input.Int32())); break;

            // :: Names and calls
            case (byte)'c': Push(TorchGlobals.Named(field, input.Line(), input.Line())); break;
            case 0x93:                                                                      // STACK_GLOBAL
                var names = PopMany(2);
                Push(TorchGlobals.Named(field, names[0] as string ?? "", names[1] as string ?? ""));
                break;
            case (byte)'R':
                var call = PopMany(2);
                Push(TorchGlobals.Call(field, call[0], call[1], CountCopied));
                break;
            case (byte)'b':                                                                 // BUILD sets attributes; none are kept
                Pop();
                Expect(Peek() is PickleDictionary or PickleGlobal, "pickle: attributes are set on a value that has none");
                break;
            case (byte)'Q': Push(TorchGlobals.Storage(field, Pop())); break;                // BINPERSID

            default: throw Fault($"pickle: opcode 0x{opcode:x2} is not one that a file of tensors needs");
        }
    }

    /// <summary>
    /// Each item takes an opcode, and an honest pickle copies it once. A hostile one passes the same list to many calls, and each call
    /// makes a dictionary of all of it.
    /// </summary>
    void CountCopied(int items)
    {
        if ((copiedItems += items) > opcodes)
            throw InputFault.Exhausted(field, $"pickle: its calls copy {copiedItems} items, but it has made at most {opcodes}");
    }

    void Push(object? value) => stack.Add(value);

    void Push(PickleDictionary dictionary, object?[] items)
    {
        Push(dictionary);
        SetItems(items);
    }

    object? Pop() => PopMany(1)[0];

    object?[] PopMany(int count)
    {
        Expect(stack.Count >= count, "pickle: the stack is empty");
        object?[] items = [.. stack[^count..]];
        stack.RemoveRange(stack.Count - count, count);
        Expect(!items.Contains(Mark), "pickle: a mark is found in place of a value");
        return items;
    }

    object?[] PopToMark()
    {
        var mark = stack.LastIndexOf(Mark);
        Expect(mark >= 0, "pickle: there is no mark");
        object?[] items = [.. stack[(mark + 1)..]];
        stack.RemoveRange(mark, stack.Count - mark);
        return items;
    }

    object? Peek()
    {
        Expect(stack.Count > 0 && stack[^1] != Mark, "pickle: the stack is empty");
        return stack[^1];
    }

    object? Recall(long index) => memo.TryGetValue(index, out var value) ? value : throw Fault($"pickle: nothing was kept under {index}");

    void Append(object?[] items)
    {
        var list = Peek() as List<object?> ?? throw Fault("pickle: items are appended to a value that is no list");
        list.AddRange(items);
    }

    void SetItems(object?[] items)
    {
        var dictionary = Peek() as PickleDictionary ?? throw Fault("pickle: items are set in a value that is no dictionary");
        Expect(items.Length % 2 == 0, "pickle: a key has no value");
        for (var i = 0; i < items.Length; i += 2)
        {
            // Other keys could be nested so deeply that hashing one never ends.
            Expect(
                items[i] is string or long or double or bool or PickleGlobal,
                "pickle: a dictionary's key is neither a string nor a number");
            dictionary[items[i]!] = items[i + 1];
        }
    }

    object TextInteger(string text) => text switch
    {
        "00" => false,
        "01" => true,
        _ => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Fault("pickle: a number cannot be read"),
    };

    // PyTorch's magic number has 10 bytes and does not fit a long.
    static object Integer(byte[] bytes) => bytes.Length <= sizeof(long) ? (object)(long)new BigInteger(bytes) : new BigInteger(bytes);

    void Expect(bool condition, string otherwise)
    {
        if (!condition)
            throw Fault(otherwise);
    }

    InputFault Fault(string message) => InputFault.Precondition(field, message);
}
