"""HDF5, NWB and MATLAB 7.3 files as h5py writes them (h5py 3.7), gzipped: writes hdf5.json."""
import base64, gzip, json, os, tempfile
import h5py, numpy as np
def nwb(p):
    r=np.random.default_rng(0)
    with h5py.File(p,'w') as f:
        f.attrs['nwb_version']='2.6.0'; f.attrs['neurodata_type']='NWBFile'; f.attrs['namespace']='core'
        f['identifier']='session 1'; f['session_description']='reaching'; f['session_start_time']='2020-01-01T10:00:00+00:00'
        u=f.create_group('units'); u.attrs['neurodata_type']='Units'; u.attrs['colnames']=np.array(['spike_times','quality'],dtype=h5py.string_dtype())
        t=[np.sort(r.uniform(0,20,n)) for n in (30,0,50)]
        u['spike_times']=np.concatenate(t); u['spike_times_index']=np.cumsum([len(x) for x in t]).astype('u4'); u['id']=np.arange(3)
        u['quality']=np.array(['good','bad','good'],dtype=h5py.string_dtype())
        g=f.create_group('intervals/trials'); g.attrs['neurodata_type']='TimeIntervals'; g.attrs['colnames']=np.array(['start_time','stop_time','go_cue','target','rewarded'],dtype=h5py.string_dtype())
        g['id']=np.arange(8); g['start_time']=np.arange(8)*2.; g['stop_time']=np.arange(8)*2.+1.5; g['go_cue']=np.arange(8)*2.+.25
        g['target']=np.array(['l','r']*4,dtype=h5py.string_dtype()); g['rewarded']=np.array([True,False]*4)
        g['touch']=np.arange(5.); g['touch_index']=np.array([1,1,2,3,3,4,5,5],dtype='u1')
def plain(p):
    with h5py.File(p,'w') as f:
        f.create_dataset('a/x',data=np.arange(24.,dtype='f4').reshape(2,3,4),compression='gzip',chunks=(1,3,2))
        f['a/i']=np.array([2**40,-5]); f['a/big']=np.array([2**60+1]); f['b']=np.array([True,False]); f['t']='hello é'; f['fix']=np.array([b'ab',b'cde']); f['scalar']=3.5
        f['u']=np.array([1,255],dtype='u1'); f['be']=np.array([1.5,2.5],dtype='>f8'); f['half']=np.array([1.5],dtype='f2'); f['cpx']=np.array([1+2j]); f['rec']=np.zeros(2,dtype=[('a','f8'),('b','i4')]); f['empty']=np.zeros((0,3)); f['none']=h5py.Empty('f8')
        f['link']=h5py.SoftLink('/nowhere'); f['ref']=np.array([f['a/x'].ref],dtype=h5py.ref_dtype); f['soft']=h5py.SoftLink('/a/i')
def mat(p):
    with h5py.File(p,'w',userblock_size=512) as f:
        def num(g,n,a,cls,**kw):
            d=g.create_dataset(n,data=a.T if a.ndim>1 else a); d.attrs['MATLAB_class']=np.bytes_(cls); 
            for k,v in kw.items(): d.attrs[k]=v
            return d
        num(f,'x',np.arange(24.).reshape(2,3,4),'double'); num(f,'flag',np.array([[1,0]],dtype='u1'),'logical',MATLAB_int_decode=np.int32(1))
        num(f,'name',np.array([[ord(c) for c in 'hello é']],dtype='u2'),'char',MATLAB_int_decode=np.int32(2))
        num(f,'empty',np.array([0,3],dtype='u8'),'double',MATLAB_empty=np.uint8(1))
        s=f.create_group('s'); s.attrs['MATLAB_class']=np.bytes_('struct'); num(s,'a',np.array([[1.,2],[3,4]]),'double'); num(s,'b',np.array([[ord('q')]],dtype='u2'),'char')
        r=f.create_group('#refs#'); a=num(r,'a',np.array([[7.,8]]),'double'); b=num(r,'b',np.array([[ord(c) for c in 'two']],dtype='u2'),'char')
        c=f.create_dataset('c',data=np.array([[a.ref],[b.ref]],dtype=h5py.ref_dtype)); c.attrs['MATLAB_class']=np.bytes_('cell')
        num(f,'z',np.zeros((1,1),dtype=[('real','f8'),('imag','f8')]),'double')
    d=open(p,'r+b'); d.write(b'MATLAB 7.3 MAT-file, Platform: GLNXA64'.ljust(124)+b'\x00\x02IM'); d.close()
def odd(p):
    with h5py.File(p,'w') as f:
        f['x']=np.arange(3.); f.create_dataset('lzf',data=np.arange(100.),compression='lzf',chunks=(10,)); f['long']=np.array([1.5],dtype='g'); f['power']=np.array([2**60])
        f.create_dataset('choice',data=np.array([0,2,1],'u1'),dtype=h5py.enum_dtype({'left':0,'right':1,'none':2},'u1'))
        def arrays(name,kind,x): h5py.h5d.create(f.id,name,h5py.h5t.array_create(h5py.h5t.py_create(np.dtype(kind)),(3,)),h5py.h5s.create_simple((2,))).write(h5py.h5s.ALL,h5py.h5s.ALL,x,mtype=h5py.h5t.array_create(h5py.h5t.py_create(x.dtype),(3,)))
        arrays(b'rows','<f4',np.arange(6,dtype='<f4').reshape(2,3)/2); arrays(b'counts','>i8',np.arange(6).reshape(2,3)); arrays(b'large','<i8',np.full((2,3),2**53+1)); arrays(b'words','S2',np.array([[b'a',b'bc',b''],[b'd',b'e',b'f']],'S2'))
        g=f.create_group('g'); g['y']=np.arange(2.); g['up']=f['/']; g['again']=f['/']; g['soft']=h5py.SoftLink('/g')
def columns(p):
    with h5py.File(p,'w') as f:
        f['identifier']='session 2'; u=f.create_group('units'); t=u.create_dataset('spike_times',data=np.array([1.,2,3])); i=u.create_dataset('spike_times_index',data=np.array([2,3],'u1'))
        i.attrs['neurodata_type']='VectorIndex'; i.attrs['target']=t.ref; u['id']=np.arange(2); u['cluster_index']=np.array([7,8])
        g=f.create_group('intervals/trials'); g['id']=np.arange(2); g['start_time']=np.array([0.,1]); g['stop_time']=np.array([1.,2]); g['trial_index']=np.array([10,11]); g['block']=np.array([1,1]); g['block_index']=np.array([0,1]); g['block_index'].attrs['neurodata_type']='VectorData'
        g['upright']=np.array([[5],[6]]); g['lying']=np.array([[7,8]]); g['square']=np.eye(2)
        g['tags']=np.array(['x','y','z'],dtype=h5py.string_dtype()); g['tags_index']=np.array([1,3],'u1'); g['tags_index_index']=np.array([1,2],'u1')
def mat_kinds(p):
    with h5py.File(p,'w',userblock_size=512) as f:
        def num(g,n,a,cls,**kw):
            d=g.create_dataset(n,data=a.T); d.attrs['MATLAB_class']=np.bytes_(cls)
            for k,v in kw.items(): d.attrs[k]=v
            return d
        def sparse(n,cls,rows,**parts):
            g=f.create_group(n); g.attrs['MATLAB_class']=np.bytes_(cls); g.attrs['MATLAB_sparse']=np.uint64(rows)
            for k,v in parts.items(): g[k]=v
        codes=lambda text: np.array([[ord(c) for c in text]],'u2')
        sparse('sparse','double',2,data=np.array([2.,-1]),ir=np.array([0,1],'u8'),jc=np.array([0,0,1,2],'u8'))
        sparse('nothing','double',3,jc=np.array([0,0,0],'u8')); sparse('few','logical',2,data=np.array([1],'u1'),ir=np.array([1],'u8'),jc=np.array([0,1],'u8'))
        r=f.create_group('#refs#'); s=f.create_group('list'); s.attrs['MATLAB_class']=np.bytes_('struct'); refs=lambda *d: np.array([[x.ref] for x in d],dtype=h5py.ref_dtype)
        s['n']=refs(num(r,'a',np.array([[1.]]),'double'),num(r,'b',np.array([[2.]]),'double')); s['t']=refs(num(r,'c',codes('one'),'char'),num(r,'d',codes('two'),'char'))
        q=f.create_group('one'); q.attrs['MATLAB_class']=np.bytes_('struct'); num(q,'x',np.array([[5.]]),'double'); num(q,'z',np.zeros((1,1),dtype=[('real','f8'),('imag','f8')]),'double')
        h=q.create_group('h'); h.attrs['MATLAB_class']=np.bytes_('function_handle')
        e=r.create_dataset('e',data=np.array([0,0],'u8')); e.attrs['MATLAB_class']=np.bytes_('canonical empty'); e.attrs['MATLAB_empty']=np.uint8(1)
        c=f.create_dataset('cells',data=refs(e,r['c'])); c.attrs['MATLAB_class']=np.bytes_('cell'); num(f,'pages',np.array([[[ord(c) for c in t] for t in page] for page in (('ab','cd'),('ef','gh'))],'u2').transpose(1,2,0),'char')
        num(f,'word',np.array([[0xdd000000,2,1,1,1,1]],'u4'),'string',MATLAB_object_decode=np.int32(3))
def claims(p):
    "A file of a few thousand bytes that claims sizes up to 2 GiB, in parts that were never written."
    with h5py.File(p,'w') as f:
        f['ok']=np.arange(3.); f.create_dataset('small',shape=(1000,1000),dtype='f8')
        f.create_dataset('never',shape=(2**28,),dtype='f8'); f.create_dataset('chunked',shape=(2**20,64),chunks=(1024,64),dtype='f8')
        f.create_dataset('chunk',shape=(3,),maxshape=(None,),chunks=(2**26,),dtype='f8')
        f.create_dataset('cells',shape=(2**24,),dtype=h5py.ref_dtype).attrs['MATLAB_class']=np.bytes_('cell')
out = {}
for name, make in (("plain", plain), ("nwb", nwb), ("mat", mat), ("odd", odd), ("columns", columns), ("mat_kinds", mat_kinds), ("claims", claims)):
    path = os.path.join(tempfile.mkdtemp(), name)
    make(path)
    out[name] = base64.b64encode(gzip.compress(open(path, "rb").read(), mtime=0)).decode()
json.dump(out, open("hdf5.json", "w"))
